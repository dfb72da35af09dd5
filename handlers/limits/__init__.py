"""Whether something may happen now: budget, limits, conditions, rounds."""
