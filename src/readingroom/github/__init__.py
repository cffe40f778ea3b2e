"""What is read from GitHub and written there: proposals, pages, the issue about problems."""
