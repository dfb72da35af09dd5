"""Due occurrences become events; the only user of APScheduler."""
