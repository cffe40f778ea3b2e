"""Text for each destination: escaped for Markdown, clean HTML, plain text, comments without mentions or secrets."""
