"""Likes and thanks: what they are for, what they count, and runs of them that are held."""
