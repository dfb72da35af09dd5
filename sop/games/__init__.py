"""Games: what a valid move is."""
