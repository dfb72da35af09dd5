"""The benchmark: what this machine does, figure by figure, each with the target it is held to.

Only loopback is used, nothing outlives it, and every figure is bounded in time.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import typer

from bot.bench import clockwork, crash, growth, rehearsed, starts, throughput
from bot.bench.children import ChildError

Measurement = Callable[[Path], Coroutine[Any, Any, dict[str, Any]]]

FIGURES: Final[Mapping[str, Measurement]] = {
    "throughput": lambda folder: throughput.measure(folder, throughput.Scale()),
    "crash": lambda folder: crash.measure(folder, crash.Scale()),
    "clock": lambda folder: clockwork.measure(folder, clockwork.Scale()),
    "rehearsal": lambda folder: rehearsed.measure(folder, rehearsed.Scale()),
    "growth": lambda folder: growth.measure(folder, growth.Scale()),
    "start": lambda folder: starts.measure(folder, starts.Scale()),
}
"""The figures by name; each gets an empty folder and returns its values, the ratio first."""


def measure(only: str) -> Iterator[dict[str, Any]]:
    """Yield the figures one by one as they are measured, or the one that is named.

    `met` tells whether the figure reaches its target; `error` is there instead of values where
    the program would not start. An unknown name is a `BadParameter`.
    """
    if only and only not in FIGURES:
        raise typer.BadParameter(f"--only {only}: known are {', '.join(FIGURES)}")
    for name, figure in FIGURES.items():
        if only in ("", name):
            with tempfile.TemporaryDirectory(prefix="qunyun-bench-") as folder:
                try:
                    yield _run(figure(Path(folder)))
                except ChildError as error:
                    yield {"figure": name, "met": False, "error": str(error)}


def _run(work: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    if sys.platform == "win32" or sys.implementation.name != "cpython":
        return asyncio.run(work)
    import uvloop  # noqa: PLC0415 - not on every platform

    return uvloop.run(work)
