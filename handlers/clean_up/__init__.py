"""Cleaning up: who is long silent is shown, told ahead, and taken out if nothing comes."""
