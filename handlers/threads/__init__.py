"""What is open in a group and numbered in it, and what a quote, a name or a number means there."""
