"""The command line: ``main`` holds the table of commands, ``commands`` one module for each of them."""
