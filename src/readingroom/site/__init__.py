"""A group's site: its calendar, its feed and its web page, each a module from sessions to ``Files``."""
