"""Child processes let the bot itself go first."""

import os
from contextlib import suppress


def step_back(by: int) -> None:
    """Lower this process's priority, where there is such a thing and it is allowed.

    A service's filter of system calls may forbid it; the work is to be done all the same.
    """
    with suppress(AttributeError, OSError):
        os.nice(by)
