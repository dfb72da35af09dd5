"""Offers: made when they may be, stopped when they do harm, and what they bring."""
