"""Local time, days, calendars, and words for them."""
