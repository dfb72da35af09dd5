"""Content pools: items drawn, prepared and running out."""
