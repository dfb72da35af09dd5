"""Reports of figures, reckoned by a process of their own."""
