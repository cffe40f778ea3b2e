"""From an issue made with the form to a session and the text of its pull request; nothing here sends requests."""
