"""Owns what a calendar calls a step: its title, its kind, and what it says in the group.

Kinds are names for colours and legends; the table `KINDS` gives each action its own, the more
telling first: a step that drops an item and opens a Q&A slot is a Q&A slot.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sop.budgets import budget
from sop.pack import pack_actions, templates
from sop.pack.pack import Pack
from sop.pack.pack_steps import ACTIONS, Step
from sop.texts import has, text

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "questions": ("questions",),
    "share": ("share_day",),
    "game": ("game",),
    "campaign": ("collect", "challenge", "signup", "vote"),
    "honour": ("showcase", "wall", "book", "badge"),
    "offer": ("offer",),
    "report": ("report", "review"),
    "topic": ("ask",),
    "content": ("post", "drop"),
    "private": ("dm",),
    "task": ("task",),
    "points": ("award", "tag"),
}
"""Kinds of steps, the telling ones first, each with the keys of the actions that make it."""

_WORDS: Final = ("post", "dm", "text", "title")
_LONGEST: Final = 24
_CONTROLS: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})
_PUBLIC: Final = frozenset({"questions", "share", "game", "campaign", "honour", "content"})
_NAMES: Final = {model: name for name, model in ACTIONS.items()}


def kind_of(step: Step) -> str:
    """Return the kind of a step, a key of `KINDS`; a step that does nothing is content."""
    done = {_NAMES[type(action)] for action in step.do}
    return next((kind for kind, names in KINDS.items() if done & set(names)), "content")


def title_of(step: Step, pack: Pack, group: str = "") -> str:
    """Return the step's title, or the beginning of what it says, at most 24 characters.

    `group` is the group's title, for texts that name it.
    """
    titled = _one_line(step.title)
    if titled:
        return titled
    for action in step.do:
        words = _words(action)
        shown = _one_line(_filled(words, pack, group)) if words else ""
        if shown:
            return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return _named(step, pack) or step.id


def is_public(step: Step) -> bool:
    """Whether the group gets something from it: a post, a slot, a game."""
    return budget.posts_from(step) > 0 or kind_of(step) in _PUBLIC


def _words(action: Any) -> str:
    """The first text an action says, or its title."""
    if isinstance(action, pack_actions.AskAction):
        return next(iter(action.ask.texts), "")
    found = next((getattr(action, name, "") for name in _WORDS if getattr(action, name, "")), "")
    return found if isinstance(found, str) else next(iter(found), "")


def _one_line(words: str) -> str:
    """The words in one line, without signs that control a terminal or end a file's line."""
    plain = (" " if unicodedata.category(sign) in _CONTROLS else sign for sign in words)
    return " ".join("".join(plain).split())


def _filled(template: str, pack: Pack, group: str) -> str:
    """The first line of a text, people left open."""
    try:
        whole = templates.render(template, _stand_ins(pack, group))
    except templates.TemplateProblem:
        whole = template
    return next((line.strip() for line in whole.splitlines() if line.strip()), "")


def _stand_ins(pack: Pack, group: str) -> dict[str, Any]:
    someone = text("calendar.someone")
    return {
        "member": {"name": someone},
        "members": someone,
        "group": {"name": group or pack.title},
        "texts": pack.texts,
        "rules": {"charter": pack.rules.charter},
        "top": lambda _count=5: someone,
        "best": lambda _collection, _count=3: "",
        "link": pack.link,
        "say": lambda words: text("say.heard", words=words),
    }


def _named(step: Step, pack: Pack) -> str:
    """What a step without any text of its own does, in a word."""
    names = (_name(action, pack) for action in step.do)
    return next((name for name in names if name), "")


def _name(action: pack_actions.StepAction, pack: Pack) -> str:
    match action:
        case pack_actions.GameAction():
            return text(f"actions.{action.game}")
        case pack_actions.ReportAction():
            return text(f"calendar.report-{action.kind}")
        case pack_actions.OfferAction():
            benefit = pack.benefit(action.offer)
            return benefit.title if benefit else ""
        case pack_actions.DropAction():
            return text("calendar.drop", pool=action.pool)
        case _:
            key = f"actions.{_NAMES[type(action)]}"
            return text(key) if has(key) else ""


def kinds_of(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the kinds that some steps have, in the order of `KINDS`."""
    present = {kind_of(step) for step in steps}
    return tuple(kind for kind in KINDS if kind in present)
