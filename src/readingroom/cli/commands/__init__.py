"""One module per command, named for it; ``run_command`` is what ``cli.main`` loads from it when it is called."""
