"""Groups that begin: created, adopted, led."""
