"""Check-ins and the runs they make."""
