"""The pages that members see, as HTML: a few words and what to do now, or one's own page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from handlers.accounts.own_page import Page
from handlers.invitations.link_desk import Invited
from handlers.links import visits
from sop.texts import text

_ADDRESS: Final = re.compile(r"https?://[^\s\u2010-\u203f\u3000-\u303f\uff00-\uffef]+")
"""A web address, which Chinese punctuation ends."""
_LINK: Final = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>')


def link(name: str, platforms: Iterable[str] = ()) -> str:
    """Return the page of that name; `platforms` are those by which the link can be opened."""
    title, words = visits.page(name, platforms)
    return _template("short_page.html").render(title=title, words=words, invited=None)


def told(key: str) -> str:
    """Return a page of the title and the words of a text, which stand on two sides of a `|`."""
    title, _, words = text(key).partition("|")
    return _template("short_page.html").render(title=title, words=words, invited=None)


def invitation(invited: Invited) -> str:
    """Return the page by which somebody invites friends: where to go, and what to say there."""
    shown = {**asdict(invited), "button": text("short-links.invited-join")}
    return _template("short_page.html").render(
        title=invited.title, words=invited.words, invited=shown
    )


def own(page: Page, answers: Sequence[str], once: str) -> str:
    """Return a member's own page; each of its buttons sends `once`, so that it counts once.

    Web addresses in the answers can be opened.
    """
    return _template("own_page.html").render(
        page=page,
        answers=[_linked(each) for each in answers],
        once=once,
        note=text("own-page.note"),
    )


def _linked(words: str) -> Markup:
    parts, last = [], 0
    for found in _ADDRESS.finditer(words):
        parts += [escape(words[last : found.start()]), _LINK.format(found[0])]
        last = found.end()
    return Markup("").join((*parts, escape(words[last:])))


@cache
def _template(name: str) -> Template:
    source = files("bot.web").joinpath(name).read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
