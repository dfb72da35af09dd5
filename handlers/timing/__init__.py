"""When things fall due: occurrences planned, held, moved with an edited pack."""
