"""The types of a pack's fields."""
