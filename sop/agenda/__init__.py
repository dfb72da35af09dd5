"""What will be posted when, in an operator's words."""
