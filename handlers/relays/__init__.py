"""A pasted 接龙: read, shown, booked after a yes, corrected."""
