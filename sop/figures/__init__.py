"""Figures for operators: what was seen, how sure that is, and what to do. Pure functions."""
