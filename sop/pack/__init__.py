"""The pack: its parts as typed models, and what its conditions and templates mean."""
