"""Leaders and volunteers: how they come, what they may, how they are reviewed; circles, tags."""
