"""What a row of a table says: a post, a question, a private word, or something a person does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sop.fields.pack_types import file_name
from sop.problems import Severity
from sop.sheets.sheet_table import Record
from sop.sheets.sheet_words import key_text, packaged, pattern, shown_text
from sop.triggers.triggers import MemberJoined, Trigger

Kind = Literal["post", "ask", "dm", "task"]
Where = Literal["regular", "core", "all"]
Whom = Literal["owner", "staff", "leader"]
Told = tuple[str, str, Severity]
"""A message, the role of the cell it is about, and how bad it is."""

_WELCOME = MemberJoined()


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What a step does, and what the pack can hold of the row only as a comment."""

    kind: Kind
    text: str
    title: str = ""
    where: Where = "regular"
    to: Whom = "staff"
    image: str = ""
    mention_all: bool = False
    welcome: bool = False
    comments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was read of a row; without `says` the row makes no step."""

    says: Says | None
    problems: tuple[Told, ...] = ()


def read_says(record: Record, trigger: Trigger | None) -> Heard:
    """Return what a row says; `trigger` is what starts it, as far as that is known."""
    form = _form(record)
    problems: list[Told] = []
    text = record.text("text") or record.text("title")
    if not text:
        message = "there is nothing to say: write the text, or delete the row"
        return Heard(says=None, problems=((message, "text", "error"),))
    image = _image(record, problems)
    kind = _kind(record, form, trigger, problems)
    person = record.text("person")
    says = Says(
        kind=kind,
        text=_for_person(_spoken(text, kind, trigger, problems), person, kind),
        title=record.text("title").split("\n")[0] if record.text("text") else "",
        where=_where(record),
        to=_whom(record.key("person")),
        image=image if kind in {"post", "dm"} else "",
        mention_all=kind == "post" and bool(pattern("mention_all").search(text)),
        welcome=kind == "post" and trigger == _WELCOME,
        comments=tuple(_comments(record, image, kind)),
    )
    return Heard(says=says, problems=tuple(problems))


def is_of_program(record: Record) -> bool:
    """Whether the row only tells people what the program does by itself."""
    return _form(record) == "auto"


def _form(record: Record) -> str:
    form = record.key("form")
    forms = packaged()["forms"].items()
    return next((name for name, words in forms if re.fullmatch(words, form)), "")


def _is(area: str, name: str, text: str) -> bool:
    return bool(pattern(area, name).fullmatch(text))


def _kind(record: Record, form: str, trigger: Trigger | None, problems: list[Told]) -> Kind:
    has_member = isinstance(trigger, MemberJoined)
    match form:
        case "task" | "ask" | "post":
            kinds: dict[str, Kind] = {"task": "task", "ask": "ask", "post": "post"}
            return kinds[form]
        case "dm":
            return "dm" if has_member or trigger is None else "task"
        case _:
            return _by_content(record, problems)


def _by_content(record: Record, problems: list[Told]) -> Kind:
    """A task, where a person is named and the row has words for what only a person can do."""
    person = record.key("person")
    named = bool(person) and not _is("persons", "program", person)
    content = shown_text(" ".join((record.text("title"), record.text("text"))))
    by_hand = pattern("by_hand").search(content.casefold())
    if not record.text("text"):
        if named:
            return "task"
        problems.append(("there is no text: the title is what is posted", "title", "warning"))
    if by_hand and named:
        return "task"
    if by_hand and not person:
        message = f"{by_hand[0]} may need a person: name one to make the row that person's task"
        problems.append((message, "person", "warning"))
    return "post"


def _spoken(text: str, kind: Kind, trigger: Trigger | None, problems: list[Told]) -> str:
    """The text as a template: the newcomer's name where the table has a place for one."""
    if kind == "post":
        text = pattern("mention_all").sub("", text).strip()
    names = re.compile(pattern("member_name").pattern, re.IGNORECASE)
    if not names.search(text):
        return text
    if not isinstance(trigger, MemberJoined):
        if trigger is not None:
            message = "no member is meant here: take the place for a name out of the text"
            problems.append((message, "text", "warning"))
        return text
    together = kind == "post" and trigger == _WELCOME
    return names.sub("{{ members }}" if together else "{{ member.name }}", text)


def _for_person(text: str, person: str, kind: Kind) -> str:
    """A task's text names the person, unless it is for a role the program knows."""
    known = any(_is("persons", name, key_text(person)) for name in packaged()["persons"])
    if kind != "task" or not key_text(person) or known:
        return text
    return str(packaged()["pack"]["task"]).format(person=" ".join(person.split()), text=text)


def _whom(person: str) -> Whom:
    if _is("persons", "owner", person):
        return "owner"
    return "leader" if _is("persons", "leader", person) else "staff"


def _where(record: Record) -> Where:
    group = record.key("group")
    if _is("groups", "core", group):
        return "core"
    return "all" if _is("groups", "all", group) else "regular"


def _image(record: Record, problems: list[Told]) -> str:
    """The file to post: the one the cell names, else the picture lying on the row."""
    name = record.text("image") if record.key("image") else ""
    known = pattern("file_name").fullmatch(name.casefold())
    extra = record.pictures[int(not name) :] if record.pictures else ()
    if extra:
        told = f"a step posts one picture, these only lie beside the pack: {', '.join(extra)}"
        problems.append((told, "image", "warning"))
    if not name:
        return record.pictures[0] if record.pictures else ""
    try:
        is_file = known and "://" not in name
        return str(file_name(name)) if is_file else _unnamed(problems)
    except ValueError as error:
        problems.append((f"{error}: put the file beside the pack", "image", "error"))
        return ""


def _unnamed(problems: list[Told]) -> str:
    message = "this names no picture file: put the file beside the pack and write its name here"
    problems.append((message, "image", "warning"))
    return ""


def _comments(record: Record, image: str, kind: Kind) -> Iterator[tuple[str, str]]:
    """What the pack cannot hold: named groups, persons, remarks, and columns of other kinds."""
    heads = packaged()["written"]["heads"]
    group = record.key("group")
    if group and not any(_is("groups", name, group) for name in packaged()["groups"]):
        yield heads["group"], record.text("group")
    if record.key("person") and not _is("persons", "program", record.key("person")):
        yield heads["person"], record.text("person")
    unposted = (
        record.text("image") if record.key("image") and record.text("image") != image else ""
    )
    if unposted or (image and kind not in {"post", "dm"}):
        yield heads["image"], unposted or image
    if record.key("form") and not _form(record):
        yield heads["form"], record.text("form")
    if record.key("remark"):
        yield heads["remark"], record.text("remark")
    yield from record.extras
