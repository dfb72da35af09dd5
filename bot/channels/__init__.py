"""Ways to hear and speak: one package per platform."""
