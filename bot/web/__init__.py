"""Pages: playground, health, metrics."""
