"""What members gave and what the bot opened, by kind: how many replies and likes each brought."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean
from typing import Final

from handlers.figures.past import Past
from handlers.questions.asked import ANSWER
from handlers.threads.open_threads import ASK
from sop.figures import intervals
from sop.figures.report import Content

SMALL: Final = 5
"""Things of a kind below which its figures are from a small sample."""


def figures(past: Past) -> tuple[Content, ...]:
    """Return the figures of each kind, those with most replies and likes first."""
    found = [_content(kind, each) for kind, each in _brought(past).items()]
    return tuple(sorted(found, key=lambda each: (-each.replies - each.likes, each.kind)))


def _brought(past: Past) -> dict[str, list[tuple[int, int]]]:
    """Return (replies, likes) of each thing, by kind."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, replies, likes in (*_given(past), *_opened(past)):
        found[kind].append((replies, likes))
    return found


def _given(past: Past) -> Iterator[tuple[str, int, int]]:
    for each in past.items:
        if each.kind != ANSWER:
            replies = past.comments.get((each.group, each.number), 0)
            yield each.kind, replies, past.likes.get(each.source, 0)


def _opened(past: Past) -> Iterator[tuple[str, int, int]]:
    """Yield what the bot asked, and what else it opened that was answered; they take no likes."""
    for each in past.threads:
        replies = past.answers.get(each.id, 0)
        if replies or each.kind == ASK:
            yield f"bot-{each.kind}", replies, 0


def _content(kind: str, brought: list[tuple[int, int]]) -> Content:
    replies, likes = ([float(each[place]) for each in brought] for place in (0, 1))
    return Content(
        kind=kind, count=len(brought), replies=fmean(replies), likes=fmean(likes),
        replies_within=intervals.mean(replies), likes_within=intervals.mean(likes),
        small=len(brought) < SMALL,
    )  # fmt: skip
