"""The outside world: disk, caches, processes, the preview server, the Actions log, the terminal."""
