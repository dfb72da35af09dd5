"""An agenda for those who asked for it: a table, lines of JSON, a file for calendar programs."""
