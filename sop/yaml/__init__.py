"""YAML read with the place of every value, as much of a broken file as can be."""
