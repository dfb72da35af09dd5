"""Pictures of plans and rehearsals, drawn with Pillow: never imported by the running bot."""
