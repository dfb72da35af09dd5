"""The command line's commands, one file per subject; `bot/cli.py` lists them all."""
