"""The commands. Each is a screen long; what it needs is imported when it runs, so that --help is quick."""
