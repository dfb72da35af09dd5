"""The small pages behind short links that do not lead on: why not, and what to do now."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined, Template

from handlers.invitations.link_desk import Invited
from handlers.links import visits
from sop.texts import text

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def page(name: str, platforms: Iterable[str] = ()) -> str:
    """Return the page of that name; `platforms` are those by which the link can be opened."""
    title, words = visits.page(name, platforms)
    return _template().render(title=title, words=words, invited=None)


def invitation(invited: Invited) -> str:
    """Return the page by which somebody invites friends: where to go, and what to say there."""
    shown = {**asdict(invited), "button": text("short-links.invited-join")}
    return _template().render(title=invited.title, words=invited.words, invited=shown)


@cache
def _template() -> Template:
    source = files("bot.web").joinpath("link_page.html").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
