"""Use cases: plain functions from an event and a context to an outcome."""
