"""Checks of texts: templates that cannot be used, and names that would not be there."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from sop import templates, yaml_source
from sop.check_members import members_of
from sop.check_subject import Subject, walk
from sop.pack_types import TemplateText
from sop.problems import Path, suggestion
from sop.schema_problems import Finding
from sop.templates import Call, TemplateProblem, Uses

_ALWAYS: Final = ("group.name", "rules.charter")
_NO_USES: Final = Uses(frozenset(), ())


def _templates(subject: Subject) -> Iterator[tuple[Path, str]]:
    charter = subject.pack.rules.charter
    if charter:
        yield ("rules", "charter"), charter
    for path, value in walk(subject.pack):
        if isinstance(value, TemplateText):
            yield path, str(value)


def _uses(text: str) -> Uses:
    try:
        return templates.uses(text)
    except TemplateProblem:
        return _NO_USES


def broken_templates(subject: Subject) -> Iterator[Finding]:
    """Find texts that are no templates, and texts that use each other in a circle."""
    for path, text in _templates(subject):
        try:
            templates.compile_template(text)
        except TemplateProblem as problem:
            yield Finding(path=path, message=str(problem))
    told: set[str] = set()
    for name in subject.pack.texts:
        needed = _needed(subject, tuple(_uses(subject.pack.texts[name]).names))
        if f"texts.{name}" in needed - told:
            told |= needed
            message = "this text uses itself, directly or through others"
            yield Finding(path=("texts", name), message=message)


def unusable_text_names(subject: Subject) -> Iterator[Finding]:
    """Find names of texts that no template could say."""
    for name in subject.pack.texts:
        if not name.isidentifier():
            message = f'no template can say texts.{name}: use letters, digits and "_"'
            yield Finding(path=("texts", name), message=message, at_key=True)


def _needed(subject: Subject, names: Sequence[str]) -> frozenset[str]:
    """Return the names, and all that the texts among them need."""
    needed = set(names)
    waiting = list(names)
    while waiting:
        fresh = _uses(_text_named(subject, waiting.pop())).names - needed
        needed |= fresh
        waiting += fresh
    return frozenset(needed)


def _text_named(subject: Subject, name: str) -> str:
    area, _, key = name.partition(".")
    if area == "texts":
        return subject.pack.texts.get(key, "")
    return subject.pack.rules.charter if name == "rules.charter" else ""


def unknown_names(subject: Subject) -> Iterator[Finding]:
    """Find names that mean nothing, or nobody where a step has no member."""
    for path, text in _templates(subject):
        for name in sorted(_uses(text).names):
            message, near = _unknown(subject, name)
            if message:
                yield Finding(path=path, message=message, suggestion=near)
        yield from _absent(subject, path, text)


def _unknown(subject: Subject, name: str) -> tuple[str, str]:
    area, _, key = name.partition(".")
    if name in {*_ALWAYS, "member.name", "members"}:
        return "", ""
    if area == "texts":
        texts = subject.names["text"]
        known = key in texts
        return ("" if known else f'there is no text "{key}"', suggestion(key, texts))
    near = suggestion(name, (*_ALWAYS, "member.name", "members"))
    return f'a template knows no "{name}"', near


def _absent(subject: Subject, path: Path, text: str) -> Iterator[Finding]:
    """Find `member.name` and `members` in what a step without them says."""
    if path[0] not in {"steps", "library"}:
        return
    step = subject.pack.steps[int(path[1])] if path[0] == "steps" else None
    known = members_of(subject.steps, step) if step else frozenset()
    used = _needed(subject, tuple(_uses(text).names))
    for name in sorted({"member.name", "members"} & used):
        if name.partition(".")[0] not in known:
            whose = f'the step "{step.id}"' if step else "an item of a pool"
            yield Finding(path=path, message=f"{whose} has no {name}: no member is meant here")


def unknown_calls(subject: Subject) -> Iterator[Finding]:
    """Find calls of functions that do not exist, or with arguments that do not fit."""
    for path, text in _templates(subject):
        for call in _uses(text).calls:
            message, near = _misfit(subject, call)
            if message:
                yield Finding(path=path, message=message, suggestion=near)


def _misfit(subject: Subject, call: Call) -> tuple[str, str]:
    kinds = _ARGUMENTS.get(call.name)
    if kinds is None:
        near = suggestion(call.name, _ARGUMENTS)
        return f"a template knows no {call.name}(…): it knows {', '.join(_ARGUMENTS)}", near
    given = tuple(type(each) for each in call.arguments)
    if given not in kinds:
        return f"{call.name}(…) is written {_EXAMPLES[call.name]}", ""
    known = _targets(subject, call.name)
    target = str(call.arguments[0]) if call.arguments else ""
    if known is None or target in known:
        return "", ""
    return f'{call.name}("{target}") names nothing of this pack', suggestion(target, known)


def _targets(subject: Subject, name: str) -> frozenset[str] | None:
    if name == "link":
        return subject.names["link"] | subject.names["benefit"]
    return subject.names["collection"] if name == "best" else None


_ARGUMENTS: Final[dict[str, tuple[tuple[type, ...], ...]]] = {
    "top": ((), (int,)),
    "best": ((str,), (str, int)),
    "link": ((str,),),
    "say": ((str,),),
}
_EXAMPLES: Final = {
    "top": "top(5)",
    "best": "best('stories', 3)",
    "link": "link('class')",
    "say": "say('…')",
}


def spoken_replies(subject: Subject) -> Iterator[Finding]:
    """Find prompts to reply with a word, which only `say` says rightly in every group."""
    for path, text in _templates(subject):
        if path[0] in {"steps", "texts"} and _spoken_reply().search(text):
            message = "in most groups a reply is not heard: write {{ say('…') }} instead"
            yield Finding(path=path, message=message, severity="warning")


@cache
def _spoken_reply() -> re.Pattern[str]:
    words: Any = yaml_source.load_packaged("check_words.yaml")
    return re.compile(words["spoken_reply"])
