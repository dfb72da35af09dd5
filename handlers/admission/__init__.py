"""Newcomers: questions after joining, who says yes, and a time of trial."""
