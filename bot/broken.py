"""The one exception that ends a command with a sentence for people."""


class Broken(Exception):
    """The program cannot start; the text says why and what to do."""
