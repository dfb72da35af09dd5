"""Finding texts: what they are found by, and which fit a question best."""
