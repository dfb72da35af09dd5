"""Workbooks and text tables, in and out."""
