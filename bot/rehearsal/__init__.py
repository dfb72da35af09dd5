"""A pack played on a virtual clock: the same dispatcher and handlers, an in-memory database."""
