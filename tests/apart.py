"""Work in processes of their own, which can be killed at any point.

Each is forked from one that has everything loaded: to load it takes longer than the work.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TextIO


@dataclass
class Apart:
    """A function that runs elsewhere; `said` is what it writes to its standard output."""

    process: BaseProcess
    said: TextIO

    def ended(self) -> int | None:
        """Wait for its end; returns the exit code."""
        self.process.join(60)
        return self.process.exitcode


@contextmanager
def apart(work: Callable[..., None], *given: object) -> Iterator[Apart]:
    """Run a function in a process of its own; at the end it is waited for."""
    hearing, saying = _forks().Pipe(duplex=False)
    process = _forks().Process(target=_speaking, args=(saying, work, given))
    process.start()
    saying.close()
    with hearing, os.fdopen(os.dup(hearing.fileno())) as said:
        running = Apart(process, said)
        try:
            yield running
        finally:
            running.ended()
            process.close()


def _speaking(saying: Connection, work: Callable[..., None], given: tuple[object, ...]) -> None:
    os.dup2(saying.fileno(), 1)
    work(*given)


@cache
def _forks() -> Any:
    forks = get_context("forkserver")
    forks.set_forkserver_preload(["tests.interacting", "tests.redeeming"])
    return forks
