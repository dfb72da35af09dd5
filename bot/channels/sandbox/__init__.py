"""A WeCom in this process, with its rules: for the playground and for tests."""
