"""What the program counts about itself, for Prometheus; names are fixed, labels few and known."""

from functools import cache
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Enum,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

LINK_STATES: Final = ("off", "connecting", "up", "down", "refused", "taken over")
"""`off` is for a bot without the long connection; the others are the link's own words."""

# Powers of two up to the writer's batch limit.
_BATCHES: Final = (1, 2, 4, 8, 16, 32, 64)
# From a bare commit to the 4 s after which an answer is no longer passive.
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4)


class Metrics:
    """The figures of one app, in a registry of its own; safe to use from any thread.

    Gauges are public: set them, or give them a function that is asked at each reading.
    Labels must come from the program, never from outside: each new value is kept for ever.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._events = self._counter(
            "events", "Events handled, by kind and outcome", "kind", "outcome"
        )
        self._counted = cache(self._events.labels)
        self._repeats = self._counter("repeats", "Events that had been handled before", "kind")
        self._rejected = self._counter(
            "callbacks_rejected",
            "Callbacks refused, by surface and HTTP status",
            "surface",
            "status",
        )
        self._overloaded = self._counter("overload_refusals", "Events refused: the queue was full")
        self._roster_gaps = self._counter(
            "roster_gaps", "Changes of customer groups of which WeCom never told"
        )
        self._deliveries = self._counter(
            "deliveries", "Attempts to deliver, by result", "channel", "do", "status"
        )
        self._batch = self._histogram("batch_events", "Events in one transaction", _BATCHES)
        self._handling = self._histogram(
            "handling_seconds", "From taken in to committed", _SECONDS
        )
        self.dead_events = self._gauge("dead_events", "Events kept because handling them failed")
        self.intake_depth = self._gauge("intake_depth", "Events waiting for the writer")
        self.pending_actions = self._gauge("pending_actions", "Actions waiting to be delivered")
        self.clock_lag = self._gauge("clock_lag_seconds", "Age of the oldest due occurrence")
        self._link = Enum(
            "qunyun_link_state",
            "The AI bot's long connection",
            registry=self.registry,
            states=LINK_STATES,
        )

    def event(self, kind: str, outcome: str, seconds: float) -> None:
        """Count one handled event; `seconds` from taking it in to the commit."""
        self._counted(kind, outcome).inc()
        self._handling.observe(seconds)

    def repeat(self, kind: str) -> None:
        """Count an event whose key had been handled before."""
        self._repeats.labels(kind).inc()

    def rejected(self, surface: str, status: int) -> None:
        """Count a callback answered with an HTTP error."""
        self._rejected.labels(surface, status).inc()

    def overloaded(self) -> None:
        """Count an event refused because the queue was full."""
        self._overloaded.inc()

    def roster_gap(self) -> None:
        """Count a change of a customer group that was found without having been told of."""
        self._roster_gaps.inc()

    def batch(self, events: int) -> None:
        """Record how many events one transaction held."""
        self._batch.observe(events)

    def delivered(self, channel: str, do: str, status: str) -> None:
        """Count one attempt; `status` is sent, failed, unknown, wait or dropped."""
        self._deliveries.labels(channel, do, status).inc()

    def link(self, state: str) -> None:
        """Show the long connection's state; ValueError if it is none of `LINK_STATES`."""
        self._link.state(state)

    def render(self) -> bytes:
        """Give the Prometheus text of all figures."""
        return generate_latest(self.registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"qunyun_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"qunyun_{name}", text, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"qunyun_{name}", text, buckets=buckets, registry=self.registry)
