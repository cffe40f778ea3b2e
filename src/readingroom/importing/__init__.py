"""A group's hand-written pages to session files; nothing here touches the world."""
