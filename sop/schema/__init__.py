"""The format described: a JSON schema, tables for the documents, explanations."""
