"""A group's site: calendar, feed, data and web pages; each module makes some of its files from the sessions."""
