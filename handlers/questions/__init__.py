"""Questions and answers, in a slot or not, and the knowledge they leave."""
