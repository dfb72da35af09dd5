"""Links of a pack: a web address by a name, and how long, how often and where it may be opened."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator

from sop.fields.pack_part import Part
from sop.fields.pack_types import Count, DateText, OneOrMany
from sop.links import link_targets
from sop.links.short_links import Platform

_SENTENCES: Final[Mapping[str, str]] = {
    "long": f"is longer than {link_targets.LONGEST:,} characters",
    "scheme": "is not a web address: a link begins with https://",
    "credentials": "holds a user name or password: everybody who opens it would have them",
    "private": "leads into a private network: members cannot open it",
}


def refused(url: str) -> str:
    """Return in a sentence why no link may lead there; empty where it may."""
    why = link_targets.refusal(url)
    sentence = _SENTENCES.get(why, "is not a web address: begin it with https://")
    return f'"{url[:100]}" {sentence}' if why else ""


def _target(url: str) -> str:
    sentence = refused(url)
    if sentence:
        raise ValueError(sentence)
    return url


Target = Annotated[str, AfterValidator(_target)]
"""An address on the open web, by http or https."""


WAY_IN: Final = "join-"
"""How the name of a group's own address begins; the group's id follows."""


class Link(Part):
    """A web address; `until` is its last day, `clicks` how often each short link leads there.

    Without `platforms` it opens everywhere.
    """

    url: Target
    title: str = ""
    until: DateText | None = None
    clicks: Count | None = None
    platforms: OneOrMany[Platform] = ()


def url_alone(value: object) -> object:
    """Take a web address alone for a link to it."""
    return value if isinstance(value, Mapping) else {"url": value}
