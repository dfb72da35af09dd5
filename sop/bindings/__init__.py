"""`groups.yaml`: communities, their groups and channels."""
