"""Leaders and volunteers: how they come, what they may, what a review makes of them; circles, tags."""
