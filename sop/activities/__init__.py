"""What members take part in: commands, collections, challenges, votes, sign-ups, care."""
