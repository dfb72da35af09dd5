"""Texts of a pack as a person reads them where no group and no member is at hand."""

from collections.abc import Callable
from typing import Any

from sop.pack import templates
from sop.pack.pack import Pack
from sop.texts import text


def readable(
    template: str,
    pack: Pack,
    *,
    member: str = "",
    group: str = "",
    say: Callable[[str], str] | None = None,
) -> str:
    """Return a template filled in, `member` standing for whoever it is about.

    `say` words what members have to do; by default that they send it. A template that cannot be
    filled in is returned as it is.
    """
    someone = member or text("calendar.someone")
    known: dict[str, Any] = {
        "member": {"name": someone},
        "members": someone,
        "group": {"name": group or pack.title},
        "texts": pack.texts,
        "rules": {"charter": pack.rules.charter},
        "top": lambda _count=5: "…",
        "best": lambda _collection, _count=3: "…",
        "link": pack.link,
        "say": say or (lambda words: text("say.heard", words=words)),
    }
    try:
        return templates.render(template, known)
    except templates.TemplateProblem:
        return template
