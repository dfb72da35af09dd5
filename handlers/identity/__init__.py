"""One person under several ids: merged and split without losing an entry."""
