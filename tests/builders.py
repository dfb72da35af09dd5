"""Records, packs and contexts for tests, with defaults for what a test does not care about."""

from functools import lru_cache
from typing import Any

from handlers.ports import Context, Store
from sop.book import Book
from sop.checks.loader import load_pack
from sop.events import MessageReceived
from sop.model import Group, Member, Person
from sop.pack.pack import Pack

COMMUNITY = "club"
GROUP = "g1"

# 2026-12-02 20:00 in Shanghai, a Wednesday.
EVENING = 1_796_212_800_000

HEAD = "pack: club\ntitle: 书友会\ntimezone: Asia/Shanghai\n"


@lru_cache(512)
def pack(yaml_text: str = "") -> Pack:
    """Load a pack; what every pack must have is added where the text lacks it.

    Packs are never changed, and many tests have the same.
    """
    given = {line.partition(":")[0] for line in yaml_text.splitlines()}
    head = "".join(f"{line}\n" for line in HEAD.splitlines() if line.split(":")[0] not in given)
    steps = "" if "steps" in given else "steps: []\n"
    found, problems = load_pack(f"{head}{yaml_text}\n{steps}".encode(), "club.yaml")
    assert found is not None, problems
    return found


def book(yaml_text: str = "", **fields: Any) -> Book:
    return Book(pack=pack(yaml_text), version="v1", **fields)


def context(store: Store, book: Book, **fields: Any) -> Context:
    values = {"community": COMMUNITY, "group_id": GROUP, "now": EVENING, **fields}
    return Context(store=store, book=book, **values)


def message(text: str = "", **fields: Any) -> MessageReceived:
    values = {
        "key": f"m:{fields.get('at', EVENING)}:{fields.get('sender', 'li.si')}:{text}",
        "community": COMMUNITY,
        "group": GROUP,
        "at": EVENING,
        "sender": "li.si",
        "channel": "sandbox",
        **fields,
    }
    return MessageReceived(text=text, **{"message_id": values["key"], **values})


def group(**fields: Any) -> Group:
    values = {
        "community": COMMUNITY, "id": GROUP, "title": "晨读一群", "owner": "owner",
        "channels": {"sandbox": GROUP}, "created_at": 1, **fields,
    }  # fmt: skip
    return Group(**values)


def person(number: int, **fields: Any) -> Person:
    values = {"community": COMMUNITY, "id": number, "userid": f"user{number}", **fields}
    return Person(**values)


def member(number: int, **fields: Any) -> Member:
    values = {"community": COMMUNITY, "group": GROUP, "person": number, "joined_at": 1, **fields}
    return Member(**values)
