"""What of a pack can be pasted into WeCom's own consoles, and what these cannot express.

The consoles are people's: no program can fill them (see the protocol notes on customer groups).
All words are in `native.yaml`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sop.detectors.detector_data import packaged
from sop.pack.pack import Pack
from sop.pack.pack_actions import OfferAction, PostAction
from sop.pack.pack_rules import CheckSpec
from sop.pack.pack_steps import Step
from sop.pack.readable import readable
from sop.times.durations import format_duration
from sop.triggers.triggers import GroupCreated, MemberJoined, Says
from sop.yaml import yaml_source

Kind = Literal["harassment", "helper", "welcome", "notice"]
Say = Callable[[str], str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A text to be copied as a whole; `too_long` says by how much, if it is."""

    title: str
    text: str
    too_long: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One console: where it is, what goes in, and what cannot be said there."""

    kind: Kind
    title: str
    where: str
    blocks: tuple[Block, ...] = ()
    notes: tuple[str, ...] = ()


def native(pack: Pack, group: str = "", say: Say = None) -> tuple[Section, ...]:
    """Return the sections for a pack; `group` is a group's title, `say` how to address the bot."""
    fill = _Filling(pack, group, say)
    return (_harassment(pack), _helper(pack, fill), _welcome(pack, fill), _notice(pack, fill))


@cache
def _data() -> Any:
    return yaml_source.load_packaged("native.yaml")


def note(name: str, /, **values: object) -> str:
    """Return a sentence under `notes`."""
    return str(_data()["notes"][name]).format(**values)


def _block(name: str, text: str, /, **values: object) -> Block:
    return Block(title=str(_data()["blocks"][name]).format(**values), text=text)


def _section(kind: Kind, blocks: Sequence[Block], notes: Sequence[str]) -> Section:
    said = _data()["sections"][kind]
    where = said["where"].format(nickname=_data()["nickname"])
    return Section(
        kind=kind, title=said["title"], where=where, blocks=tuple(blocks), notes=tuple(notes)
    )


@dataclass(frozen=True, slots=True)
class _Filling:
    pack: Pack
    group: str
    say: Say

    def text(self, template: str, member: str = "") -> str:
        return readable(template, self.pack, member=member, group=self.group, say=self.say)


# --- forbidden words ----------------------------------------------------------------------------


def _harassment(pack: Pack) -> Section:
    limits = _data()["limits"]
    active = [check for check in pack.rules.checks if check.mode == "enforce"]
    words = list(dict.fromkeys(word for check in active for word in _words(check)))
    fitting = [word for word in words if len(word) <= limits["word"]]
    parts = [
        fitting[first : first + limits["words"]]
        for first in range(0, len(fitting), limits["words"])
    ]
    blocks = [
        _block("words" if len(parts) == 1 else "words-part", "\n".join(part), number=number)
        for number, part in enumerate(parts, 1)
    ]
    notes = [*_about_words(words, fitting), *_about_checks(pack)]
    return _section("harassment", blocks, notes)


def _words(check: CheckSpec) -> Sequence[str]:
    given: Sequence[str] = check.params.get("any", ())
    if check.detect == "rumours":
        return (*packaged().rumours, *given)
    return given if check.detect == "words" else ()


def _about_words(words: Sequence[str], fitting: Sequence[str]) -> Iterator[str]:
    limits = _data()["limits"]
    if fitting:
        yield note("word-limits", words=limits["words"], word=limits["word"])
    else:
        yield note("no-words")
    for word in words:
        if word not in fitting:
            yield note("long-word", limit=limits["word"], word=word)


def _about_checks(pack: Pack) -> Iterator[str]:
    yield note("staff-words")
    for check in pack.rules.checks:
        if check.mode == "observe":
            yield note("observe", id=check.id)
        else:
            yield from _unsaid(check)
    if pack.rules.checks:
        rungs = (_data()["rungs"][rung] for rung in pack.rules.ladder)
        yield note("ladder", ladder=" → ".join(rungs))
        yield note("exempt")


def _unsaid(check: CheckSpec) -> Iterator[str]:
    """What the console cannot express of a check, or where it has a switch for it."""
    said = _data()["checks"]
    params = dict(check.params)
    if "within" in params:
        params["within"] = format_duration(params["within"])
    if check.detect == "words":
        for name in ("all", "regex"):
            if params.get(name):
                yield said[f"words-{name}"].format(id=check.id)
    elif check.detect in said:
        yield said[check.detect].format(id=check.id, **params)


# --- answers ------------------------------------------------------------------------------------


def _helper(pack: Pack, fill: _Filling) -> Section:
    blocks: list[Block] = []
    notes: list[str] = []
    for number, answer in enumerate(pack.answers, 1):
        blocks += _pair(str(number), answer.asks, fill.text(answer.reply))
    for step in pack.steps:
        if isinstance(step.when, Says):
            reply = _reply(step, pack, fill)
            notes += _about_step(step, reply)
            if reply and step.when.mode == "any":
                blocks += _pair(step.title or step.id, step.when.words, reply)
    if not blocks:
        notes.insert(0, note("no-replies"))
    return _section("helper", blocks, notes)


def _pair(name: str, words: Sequence[str], reply: str) -> tuple[Block, Block]:
    sign, instead = _data()["separator"], _data()["separator-inside"]
    joined = str(sign).join(word.replace(sign, instead) for word in words)
    return _block("keywords", joined, name=name), _block("reply", reply, name=name)


def _reply(step: Step, pack: Pack, fill: _Filling) -> str:
    """What a step answers, or nothing where it does more than that."""
    texts = []
    for action in step.do:
        match action:
            case PostAction():
                texts.append(fill.text(action.post[0]))
            case OfferAction():
                benefit = pack.benefit(action.offer)
                value = (benefit.value or "") if benefit and benefit.kind == "link" else ""
                texts.append(f"{benefit.title if benefit else ''} {value}".strip())
            case _:
                return ""
    return "\n".join(texts)


def _about_step(step: Step, reply: str) -> Iterator[str]:
    assert isinstance(step.when, Says)
    if step.when.mode != "any":
        yield note(f"step-{step.when.mode}", id=step.id)
    elif not reply:
        yield note("step-action", id=step.id)
    else:
        if step.is_conditional or step.limit.group or step.limit.member:
            yield note("step-limits", id=step.id)
        yield from _about_posts(step)


def _about_posts(step: Step) -> Iterator[str]:
    for action in step.do:
        if isinstance(action, PostAction):
            if len(action.post) > 1:
                yield note("several", id=step.id)
            if action.image:
                yield note("image", id=step.id, image=action.image)


# --- welcome and notice -------------------------------------------------------------------------


def _at_once(pack: Pack, trigger: MemberJoined | GroupCreated) -> Iterator[Step]:
    return (step for step in pack.steps if step.when == trigger)


def _posts(steps: Sequence[Step], fill: _Filling, member: str = "") -> str:
    texts = (
        fill.text(action.post[0], member)
        for step in steps
        for action in step.do
        if isinstance(action, PostAction)
    )
    return "\n\n".join(texts)


def _welcome(pack: Pack, fill: _Filling) -> Section:
    joined = list(_at_once(pack, MemberJoined()))
    steps = [step for step in joined if not step.is_conditional]
    text = _posts(steps, fill, _data()["nickname"])
    notes = [note("conditional", id=step.id) for step in joined if step.is_conditional]
    notes += [told for step in steps for told in _about_posts(step)]
    if not text:
        return _section("welcome", (), [note("no-welcome"), *notes])
    limit, size = _data()["limits"]["welcome"], len(text.encode())
    title = str(_data()["blocks"]["welcome"]).format(bytes=size, limit=limit)
    too_long = note("too-long", over=size - limit) if size > limit else ""
    return _section("welcome", [Block(title=title, text=text, too_long=too_long)], notes)


def _notice(pack: Pack, fill: _Filling) -> Section:
    charter = fill.text(pack.rules.charter) if pack.rules.charter else ""
    steps = [step for step in _at_once(pack, GroupCreated()) if not step.is_conditional]
    founding = _posts(steps, fill)
    blocks = [_block("charter", charter, count=len(charter))] if charter else []
    if founding:
        blocks.append(_block("founding", founding, count=len(founding)))
    notes = [] if charter else [note("no-notice")]
    return _section("notice", blocks, notes)
