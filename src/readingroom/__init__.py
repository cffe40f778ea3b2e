"""Runs reading groups, journal clubs and seminar series from a Git repository."""

__version__ = "0.1.0"
