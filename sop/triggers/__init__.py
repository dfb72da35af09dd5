"""What starts a step, and when it falls due."""
