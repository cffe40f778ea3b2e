"""Values that every package shares: the models, diagnostics, the tree of files, and the package's own files."""
