"""The words a rehearsal is told in, from `sop/words/rehearsal_words.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.rehearsal.past import Coverage
from bot.rehearsal.script import Cue
from sop import texts
from sop.yaml import yaml_source


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml_source.load_packaged("rehearsal_words.yaml")
    return found


def words(area: str, name: str, /, **values: object) -> str:
    """Return a wording with its places filled in. Raises `KeyError` where there is none."""
    wording: str = _words()[area][name]
    return wording.format(**values)


def known(area: str, name: str) -> bool:
    """Tell whether there is such a wording."""
    return name in _words()[area]


def coverage(known: Coverage) -> str:
    """Say how much of what a group lived through is known."""
    said = [words("coverage", "messages", count=known.messages, strikes=known.strikes)]
    if known.unknown:
        said.append(words("coverage", "unknown", count=known.unknown))
    if not known.hears_all:
        said.append(words("coverage", "mentions"))
    if not known.knows_members:
        said.append(words("coverage", "members"))
    said.append(words("coverage", "left-out"))
    return "\n".join(said)


def day_heading(date: str, weekday: int) -> str:
    """Return the line above a day; Monday is 0."""
    heading: str = _words()["day"]
    return heading.format(date=date, day=_words()["days"][weekday])


def joined(parts: list[str]) -> str:
    """Return several names in one line."""
    joiner: str = _words()["joiner"]
    return joiner.join(parts)


def reason(word: str) -> str:
    """Return what a machine's word for a reason means; the word itself where nobody said."""
    return words("reasons", word) if known("reasons", word) else word


def deed(name: str) -> str:
    """Return what a deed is called."""
    key = f"deeds.{name}"
    return texts.text(key) if texts.has(key) else name


@dataclass(frozen=True, slots=True)
class Names:
    """What to call people and things: names by platform id, titles by a level's id."""

    people: dict[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def learn(self, cue: Cue) -> None:
        """Remember the names that a line of the script tells."""
        self.people.update(
            {str(key): str(name) for key, name in cue.fields.get("names", {}).items()}
        )
        if cue.kind == "member.joined" and cue.fields.get("name"):
            self.people[str(cue.fields["member"])] = str(cue.fields["name"])

    def who(self, name: str) -> str:
        """Return what to call a person, or the office a line is for."""
        if known("whom", name):
            return words("whom", name)
        return self.people.get(name, name)

    def title(self, level: str) -> str:
        """Return a level's title."""
        return self.titles.get(level, level)

    def mentioned(self, mention: str | list[str]) -> str:
        """Return who is mentioned by a line."""
        if isinstance(mention, str):
            everybody: str = _words()["everybody"]
            return everybody
        return joined([self.who(each) for each in mention])
