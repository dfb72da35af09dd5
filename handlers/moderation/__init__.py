"""Rules that were broken: verdicts, strikes, doubts, complaints, mercy."""
