"""Games: chains of idioms, riddles, quizzes."""
