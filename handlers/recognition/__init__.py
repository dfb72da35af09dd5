"""Contributions that are seen: thanks, praise, badges, the roll of members, the wall of stars."""
