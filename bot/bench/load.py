"""The load generator: keep-alive connections, each sending its next request when it is answered.

It does as little as it can while it measures, since it shares the machine with the server:
requests are ready bytes, answers are kept as they came and judged afterwards.
"""

import asyncio
import gc
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from bot.bench.traffic import CRYPTO, Request

CONNECTIONS: Final = 32

LONGEST_S: Final = 60.0
"""A server that has not answered everything by then hangs."""

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"


@dataclass(frozen=True, slots=True)
class Answered:
    """One request's answer; `raw` is the whole response, `seconds` how long it took."""

    request: Request
    raw: bytes
    seconds: float

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.raw[9:12])


@dataclass
class Run:
    """What came of sending requests: `unanswered` were sent, `unsent` were not even that."""

    answered: list[Answered] = field(default_factory=list)
    unanswered: list[Request] = field(default_factory=list)
    unsent: list[Request] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0

    @property
    def cpu_us(self) -> float:
        """The server's processor time per answer, in microseconds, where it was measured."""
        return self.cpu_s / max(len(self.answered), 1) * 1e6

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.answered) / self.seconds if self.seconds else 0.0

    def quantile_ms(self, hundredth: int) -> float:
        """The latency that `hundredth` percent of the answers stayed below, in ms."""
        cuts = statistics.quantiles((each.seconds for each in self.answered), n=100)
        return cuts[hundredth - 1] * 1_000


class _Connection(asyncio.Protocol):
    """Sends one request after the other; the server must answer with a content length."""

    def __init__(self, source: Iterator[Request], run: Run) -> None:
        self._source = source
        self._run = run
        self._request: Request | None = None
        self._started = 0.0
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not derive from asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data if self._received else data
        end = received.find(_END_OF_HEAD)
        if end < 0 or len(received) < end + len(_END_OF_HEAD) + _length(received[:end]):
            return
        assert self._request is not None
        taken = time.perf_counter() - self._started
        self._run.answered.append(Answered(self._request, received, taken))
        self._received, self._request = b"", None
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._request is not None:
            self._run.unanswered.append(self._request)
        if not self.ended.done():
            self.ended.set_result(None)

    def _next(self) -> None:
        assert self._transport is not None
        self._request = next(self._source, None)
        if self._request is None:
            self._transport.close()
            return
        self._started = time.perf_counter()
        self._transport.write(self._request.wire)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(_LENGTH)
    return int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def send(port: int, requests: Sequence[Request]) -> Run:
    """Send all requests to 127.0.0.1 and wait for the answers, or for the server's end."""
    run, source = Run(), iter(requests)
    loop = asyncio.get_running_loop()
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    try:
        made = await asyncio.gather(
            *(
                loop.create_connection(lambda: _Connection(source, run), "127.0.0.1", port)
                for _ in range(CONNECTIONS)
            ),
            return_exceptions=True,
        )
        ends = [each[1].ended for each in made if isinstance(each, tuple)]
        async with asyncio.timeout(LONGEST_S):
            await asyncio.gather(*ends)
    finally:
        run.seconds = time.perf_counter() - started
        gc.enable()
    run.unsent.extend(source)
    return run


def reply_of(answer: Answered) -> str:
    """Decrypt the answer's stream; ValueError where it is no rightly signed, finished stream."""
    body: dict[str, Any] = json.loads(answer.raw.partition(_END_OF_HEAD)[2])
    encrypt, nonce = str(body["encrypt"]), str(body["nonce"])
    CRYPTO.verify(str(body["msgsignature"]), str(body["timestamp"]), nonce, encrypt)
    stream = json.loads(CRYPTO.decrypt(encrypt))["stream"]
    if not (stream["finish"] and stream["content"]):
        raise ValueError("an answer without text")
    return str(stream["content"])


def wrong(run: Run) -> int:
    """Count the requests without a 200 whose reply can be decrypted."""
    missing = len(run.unanswered) + len(run.unsent)
    return missing + sum(not is_right(each) for each in run.answered)


def is_right(answer: Answered) -> bool:
    """Tell whether it is a 200 with a reply that can be decrypted."""
    try:
        return answer.status == 200 and bool(reply_of(answer))  # noqa: PLR2004 - HTTP's own
    except (ValueError, KeyError, TypeError):
        return False
