"""What staff and members answer for: their commands, and what follows from a task done."""
