"""The processes that are measured: started on one core, watched until they listen, ended.

Their output goes to a file, so that nobody's pipe slows them down; they see no environment but
what they are given, and no `.env`.
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent

BARE: Final = ROOT / "benchmarks" / "bare_server.py"

START_S: Final = 30.0
"""A server that does not listen after that long is broken."""

_PORT: Final = re.compile(r"http://127\.0\.0\.1:(\d+)")


class ChildError(Exception):
    """A measured process did not start; the text holds the end of what it said."""


@dataclass
class Child:
    """A running server. `port` is known once it listens."""

    process: subprocess.Popen[bytes]
    output: Path
    started: float
    port: int = 0

    async def listening(self) -> "Child":
        """Wait until it has said where it listens."""
        while not self.port:
            said = self.output.read_text(encoding="utf-8", errors="replace")
            found = _PORT.search(said)
            if found:
                self.port = int(found[1])
            elif self.process.poll() is not None or self.age > START_S:
                raise ChildError(said[-2_000:] or "a measured server said nothing")
            else:
                await asyncio.sleep(0.01)
        return self

    async def ready(self) -> float:
        """Wait until `/readyz` answers 200; returns the seconds since it was started."""
        await self.listening()
        while not await _is_ready(self.port):
            if self.age > START_S:
                raise ChildError(self.output.read_text(encoding="utf-8")[-2_000:])
            await asyncio.sleep(0.01)
        return self.age

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    @property
    def memory_mb(self) -> float:
        """Resident memory in MB (10^6 bytes)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @property
    def cpu_s(self) -> float:
        """Processor time used so far, in seconds: the other guests of a machine add little."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Tell it to stop, and see to it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(5):
            head = await reader.read(64)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return b" 200 " in head


def cores() -> tuple[int, int]:
    """Choose the server's core and the generator's; the same one where there is no second."""
    known = sorted(os.sched_getaffinity(0))
    return known[0], known[-1]


@contextlib.contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Run the block, and what it starts, on one core; None: wherever there is room."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(
    arguments: Sequence[str], folder: Path, environ: Mapping[str, str], *, core: int | None
) -> Child:
    """Start a Python process in `folder`, on a core of its own if told."""
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / "output.txt"
    outside = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with on_core(core), output.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - our own program, our own arguments
            [sys.executable, *arguments],
            cwd=folder,
            env={**outside, "PYTHONPATH": str(ROOT), **environ},
            stdout=said,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    return Child(process, output, time.perf_counter())


def start_bot(folder: Path, environ: Mapping[str, str], *, core: int | None = None) -> Child:
    """Start the program itself."""
    return start(("-m", "bot", "run"), folder, environ, core=core)


def start_bare(
    folder: Path, secrets: tuple[str, str], *, loop: str = "uvloop", core: int | None = None
) -> Child:
    """Start the bare server with a token and key, on `uvloop` or plain `asyncio`."""
    if not BARE.is_file():
        raise ChildError(f"{BARE} is missing: measure from a checkout of the project")
    return start((str(BARE), *secrets, loop), folder, {}, core=core)
