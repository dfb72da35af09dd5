"""What invented people say: lines from `sop/words/invented_people.yaml`, filled in by chance."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final

from sop.yaml import yaml_source

NUMBERS: Final = range(2, 30)

USUAL_KIND: Final = "interest"
"""What a group talks about whose pack says nothing of its kind."""


@cache
def bank() -> dict[str, Any]:
    """Return the packaged lines, names and topics; not to be changed."""
    found: dict[str, Any] = yaml_source.load_packaged("invented_people.yaml")
    return found


@dataclass(frozen=True, slots=True)
class Phrases:
    """Says things about what a group of that kind talks about; `chance` decides which."""

    kind: str

    def topic(self, chance: Random) -> str:
        """Choose what is talked about."""
        topics = bank()["topics"]
        return str(chance.choice(topics.get(self.kind) or topics[USUAL_KIND]))

    def say(self, chance: Random, area: str, *, topic: str = "", name: str = "") -> str:
        """Return a line of an area, its places filled in."""
        lines = bank()
        line: str = chance.choice(lines[area])
        return line.format(
            topic=topic or self.topic(chance),
            name=name,
            city=chance.choice(lines["cities"]),
            work=chance.choice(lines["works"]),
            number=chance.choice(NUMBERS),
        )
