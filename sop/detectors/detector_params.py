"""How a detector reads what the pack tells it: typed, every wrong value with a plain sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop.times.durations import shown

_LARGEST = 1_000_000_000
_MOST_TEXTS = 100_000


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one check. Every method raises `ValueError` for a value of wrong form."""

    kind: str
    given: Mapping[str, object]

    def only(self, *names: str) -> None:
        """Refuse parameters the detector does not know."""
        unknown = [str(name) for name in self.given if name not in names]
        if unknown:
            known = ", ".join(names) or "nothing"
            raise ValueError(f"{self.kind} does not know {unknown[0]}: it takes {known}")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; one text stands for a list of one, a missing one for none."""
        value = self.given.get(name, ())
        items = (value,) if isinstance(value, str) else value
        if not isinstance(items, (list, tuple)) or not all(isinstance(x, str) for x in items):
            raise ValueError(f"{name} of {self.kind} must be a list of texts, not {shown(value)}")
        if len(items) > _MOST_TEXTS:
            raise ValueError(f"{name} of {self.kind} holds more than {_MOST_TEXTS} texts")
        return tuple(items)

    def whole(
        self, name: str, low: int, high: int = _LARGEST, *, default: int | None = None
    ) -> int:
        """Return a whole number from `low` to `high`; it is required unless there is a default."""
        value = self.given.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(
                f"{name} of {self.kind} must be a whole number from {low} to {high}, "
                f"not {shown(value)}"
            )
        return value

    def choice(self, name: str, options: Mapping[str, float], default: str) -> float:
        """Return what the chosen word stands for."""
        value = self.given.get(name, default)
        if not isinstance(value, str) or value not in options:
            words = ", ".join(options)
            raise ValueError(f"{name} of {self.kind} must be one of {words}, not {shown(value)}")
        return options[value]
