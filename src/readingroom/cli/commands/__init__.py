"""One module per command, named for it; ``cli.main`` loads its ``run_command`` when it is called. list is with show."""
