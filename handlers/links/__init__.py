"""Short links as they are made, kept and looked up."""
