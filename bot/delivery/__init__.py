"""Pending actions leave here, paced per channel limit."""
