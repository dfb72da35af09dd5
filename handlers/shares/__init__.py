"""Shares, share days and the topics members ask for."""
