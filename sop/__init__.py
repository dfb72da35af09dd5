"""The policy: frozen values and pure functions; no input or output, no clock, no async."""
