"""Changes to session files: a new one, other values in one, a move or a swap."""
