"""Files of content: texts, tables, riddles, quizzes."""
