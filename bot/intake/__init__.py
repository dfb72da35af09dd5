"""Events wait here, in order per community, for the writer."""
