"""Detectors: a text in, a verdict with its evidence out."""
