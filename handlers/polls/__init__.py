"""Votes: ballots and what they brought."""
