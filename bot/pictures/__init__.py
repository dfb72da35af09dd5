"""Pictures, drawn with Pillow; the running bot has them drawn by a process of its own."""
