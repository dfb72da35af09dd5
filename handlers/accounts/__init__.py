"""Accounts given: where points come from, what comes next, what figures say, and their proof."""
