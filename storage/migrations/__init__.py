"""The schema's revisions, and the command that writes the next one from the tables.

`python -m storage.migrations "what changed"` adds a revision, `--again` instead of the words
replaces the newest one, as long as nobody has it.
"""
