"""A pack as tables for people: what is due by the clock, what hangs on events, and the rules.

A row is marked as the program's own (`auto`) unless reading it back gives the same step: then
the table cannot hold it, and its remark says what only the pack can.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, get_args

from sop.agenda import agenda, agenda_words
from sop.agenda.agenda import Agenda, Known
from sop.agenda.agenda_steps import title_of
from sop.book import Book
from sop.pack import templates
from sop.pack.pack_actions import HOUR_MS, AskAction, DmAction, PostAction, StepAction, TaskAction
from sop.pack.pack_steps import ACTIONS, Step
from sop.pack.readable import readable
from sop.sheets.sheet import Row, Sheet
from sop.sheets.sheet_rows import read_sheets
from sop.sheets.sheet_says import Kind, Says
from sop.sheets.sheet_when import Words, words_of
from sop.sheets.sheet_words import packaged, shown_text, written
from sop.times import localtime
from sop.triggers import triggers

LONGEST_CELL: Final = 32_000
"""Characters; Excel holds 32,767."""

_DEFAULT_ASK_MS: Final = 12 * HOUR_MS
_WELCOME: Final = triggers.MemberJoined()
_LIMITS: Final = ("if_", "unless", "limit", "missed", "grace", "batch", "priority", "each", "skip")
_ANYWHERE: Final = frozenset({"group.name", "member.name", "members"})
_NEAR: Final = date(2000, 1, 1)
_KINDS: Final[Mapping[type[StepAction], Kind]] = {
    PostAction: "post",
    AskAction: "ask",
    DmAction: "dm",
    TaskAction: "task",
}
_KEYS: Final[Mapping[type[StepAction], str]] = {model: key for key, model in ACTIONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutTable:
    """A worksheet to be: every cell is text."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def steps_table(book: Book) -> tuple[OutTable, OutTable]:
    """Return the steps that the clock starts, and those that wait for something, as written."""
    timed = [step for step in book.pack.steps if _is_timed(step)]
    waiting = [step for step in book.pack.steps if not _is_timed(step)]
    return (
        _table("timed", [row for step in timed for row in _rows(book, step, step.when)]),
        _table("relative", [row for step in waiting for row in _rows(book, step, step.when)]),
    )


def dated_table(book: Book, known: Known, first: date, days: int) -> tuple[OutTable, OutTable]:
    """Return what is due on these days, each occurrence on its date, and what waits for events."""
    plan: Agenda = agenda.agenda_of(book, known, first, days)
    rows: list[tuple[str, ...]] = []
    for entry in plan.entries:
        wall = localtime.wall_time(entry.at, book.zone)
        once = triggers.OneTime(date=wall.date(), minute=wall.hour * 60 + wall.minute)
        marks = [agenda_words.shift(entry, book)] if entry.is_shifted else []
        rows += _rows(book, entry.step, once, marks)
    waiting = [row for step in plan.relative for row in _rows(book, step, step.when)]
    return _table("timed", rows), _table("relative", waiting)


def _is_timed(step: Step) -> bool:
    around = isinstance(step.when, triggers.AroundStart)
    return isinstance(step.when, get_args(triggers.TimeTrigger)) and not around


def _table(name: str, rows: Sequence[tuple[str, ...]]) -> OutTable:
    heads = tuple(packaged()["written"]["heads"].values())
    return OutTable(title=packaged()["export"]["sheets"][name], heads=heads, rows=tuple(rows))


def _rows(
    book: Book, step: Step, when: triggers.Trigger, marks: Sequence[str] = ()
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a step, one for each thing it does."""
    words = words_of(when) or _unsaid(book, step)
    for action in step.do:
        lost = [*_lost(step, when), *_lost_of(action)]
        lost += [] if all(map(_is_tidy, _texts(action))) else ["words"]
        says = _says(step, action)
        row = _row(book, step, words, says, action)
        if not lost and not _reads_back(row, words, says):
            lost = ["action" if not says else "words" if words.when else "when"]
        if says and lost:
            row["text"] = readable(row["text"], book.pack)
        form = says.kind if says and not lost else "auto"
        remark = _remark(step, lost, marks, len(row["text"]))
        cells = {**row, "form": written("forms", form), "remark": remark}
        yield tuple(cells[role][:LONGEST_CELL] for role in packaged()["written"]["heads"])


def _unsaid(book: Book, step: Step) -> Words:
    """What a step waits for that is no day and no time."""
    said = agenda_words.when(step.when, book)
    cron = f"cron {step.when.expr}" if isinstance(step.when, triggers.Cron) else ""
    return Words(day=said or cron or step.id, time="", when="", slug="")


def _row(
    book: Book, step: Step, words: Words, says: Says | None, action: StepAction
) -> dict[str, str]:
    at_all = written("at-all") if says and says.mention_all else ""
    return {
        "day": words.day,
        "time": words.time,
        "group": written("groups", step.in_),
        "title": step.title or ("" if says else title_of(step, book.pack)),
        "text": at_all + (says.text if says else _does(action)),
        "image": says.image if says else str(getattr(action, "image", None) or ""),
        "person": written("persons", says.to) if says and says.kind == "task" else "",
    }


# --- what a table holds -------------------------------------------------------------------------


def _lost(step: Step, when: triggers.Trigger) -> list[str]:
    """The limits of a step that only a pack holds; a welcome's batch comes with its words."""
    stated = {name.removesuffix("_ms") for name in step.model_fields_set}
    lost: list[str] = [name for name in _LIMITS if name in stated]
    if _is_welcome(step, when):
        lost.remove("batch")
    return lost


def _is_welcome(step: Step, when: triggers.Trigger) -> bool:
    batch = step.batch
    whole = batch is not None and batch.or_count is None and batch.at_most is None
    return when == _WELCOME and batch is not None and whole and batch.for_ms == 60_000  # noqa: PLR2004 - one minute


def _is_tidy(text: str) -> bool:
    """Whether a table shows a text as it is, but for blanks at the ends of its lines."""
    return shown_text(text) == "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _lost_of(action: StepAction) -> list[str]:
    lost: dict[str, Any]
    match action:
        case PostAction() | DmAction():
            mention = action.mention if isinstance(action, PostAction) else ()
            lost = {"link": action.link, "card": action.card}
            lost["mention"] = mention not in {(), ("all",), ("member",)}
        case AskAction():
            plain = action.for_ms == _DEFAULT_ASK_MS and not action.ack and not action.starter
            lost = {"action": not plain}
        case TaskAction():
            lost = {"due": action.due_ms}
        case _:
            lost = {"action": True}
    lost["texts"] = len(_texts(action)) > 1
    return [name for name, is_lost in lost.items() if is_lost]


def _texts(action: StepAction) -> Sequence[str]:
    """What an action says, in the order it takes turns."""
    match action:
        case PostAction():
            return action.post
        case DmAction():
            return action.dm
        case AskAction():
            return action.ask.texts
        case TaskAction():
            return (action.text,)
        case _:
            return ()


def _says(step: Step, action: StepAction) -> Says | None:
    """Return what an action says in the words of a row, or None for one that says nothing."""
    kind = _KINDS.get(type(action))
    if kind is None or not _texts(action):
        return None
    mention = action.mention if isinstance(action, PostAction) else ()
    return Says(
        kind=kind,
        text=_text(_texts(action)),
        title=step.title,
        where=step.in_,
        to=action.to if isinstance(action, TaskAction) else "staff",
        image=str(getattr(action, "image", None) or ""),
        mention_all="all" in mention,
        welcome="member" in mention,
    )


def _text(texts: Sequence[str]) -> str:
    """Return one text as it is, several numbered."""
    if len(texts) == 1:
        return shown_text(str(texts[0]))
    line = packaged()["export"]["lines"]
    return "\n".join(
        line.format(number=number, text=shown_text(str(each)))
        for number, each in enumerate(texts, 1)
    )


def _needs_the_pack(text: str) -> bool:
    """Whether a template uses what only its own pack has, or is none."""
    try:
        used = templates.uses(text)
    except templates.TemplateProblem:
        return True
    return bool(used.calls) or not used.names <= _ANYWHERE


def _reads_back(row: Mapping[str, str], words: Words, says: Says | None) -> bool:
    """Whether the row, read as a table, is the same step again."""
    if says is None or not says.text or _needs_the_pack(says.text):
        return False
    heads = packaged()["written"]["heads"]
    cells = tuple({**row, "form": written("forms", says.kind)}.get(role, "") for role in heads)
    rows = (Row(number=1, cells=tuple(heads.values())), Row(number=2, cells=cells))
    reading = read_sheets([Sheet(title="", rows=rows)], _NEAR)
    wanted = [(words.when, says)]
    found = [(draft.words.when, draft.says) for draft in reading.drafts]
    return [(when, _plain(each)) for when, each in found] == wanted


def _plain(says: Says) -> Says:
    """What was read, without the comment that names the person again."""
    person = packaged()["written"]["heads"]["person"]
    return replace(says, comments=tuple(each for each in says.comments if each[0] != person))


# --- words for people ---------------------------------------------------------------------------


def _does(action: StepAction) -> str:
    """Return in a few words what an action does that posts no text of its own."""
    values = {name: _value(getattr(action, name)) for name in type(action).model_fields}
    length = getattr(action, "for_ms", 0)
    values["length"] = agenda_words.length(length) if length else ""
    template = packaged()["export"]["does"][_KEYS[type(action)]]
    return " ".join(str(template).format(**values).split())


def _value(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _remark(step: Step, lost: Sequence[str], marks: Sequence[str], length: int) -> str:
    said = packaged()["export"]
    names = [said["keys"][name] for name in dict.fromkeys(lost)]
    parts = [
        *marks,
        *([said["held"].format(what=said["comma"].join(names))] if names else []),
        *([said["cut"]] if length > LONGEST_CELL else []),
        said["step"].format(id=step.id),
    ]
    joined: str = said["joiner"].join(parts)
    return joined
