"""Points: entries, the score they make, runs of days, seasons, tables."""
