"""Checks of texts: templates that cannot be used, and names that would not be there."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from sop.checks.check_subject import Subject
from sop.circles import circles, in_turn, spread
from sop.fields.pack_types import TemplateText
from sop.pack import templates
from sop.pack.templates import Call, TemplateProblem, Uses
from sop.problems import Path, suggestion
from sop.yaml import yaml_source
from sop.yaml.schema_problems import Finding

_CHARTER: Final = "rules.charter"
_ALWAYS: Final = ("group.name", _CHARTER)
_PEOPLE: Final = frozenset({"member.name", "members"})
# One text in another takes several of Python's own levels, which are bounded.
_LONGEST_CHAIN: Final = 20
_NO_USES: Final = Uses(frozenset(), ())


def _templates(subject: Subject) -> Iterator[tuple[Path, str]]:
    charter = subject.pack.rules.charter
    if charter:
        yield ("rules", "charter"), charter
    for path, value in subject.parts:
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
            _try(text)
        except TemplateProblem as problem:
            for message in templates.faults(text) or (str(problem),):
                yield Finding(path=path, message=message)
    needs = _needs(subject)
    for circle in circles(needs):
        message = "this text uses itself, directly or through others"
        yield Finding(path=_place(circle[0]), message=message)
    chains: dict[str, int] = {}
    for name in in_turn(needs):
        chains[name] = 1 + max((chains.get(each, 0) for each in needs[name]), default=0)
        if chains[name] == _LONGEST_CHAIN + 1:
            message = f"stands on a chain of more than {_LONGEST_CHAIN} texts: make it simpler"
            yield Finding(path=_place(name), message=message)


def _try(text: str) -> None:
    """Read a template; compile it, which takes far longer, only where that may still fail."""
    templates.uses(text)
    if "{%" in text:
        templates.compile_template(text)


def _needs(subject: Subject) -> dict[str, frozenset[str]]:
    """Return what each text that others may use, by the name they use for it, needs itself."""
    needs = {f"texts.{name}": _uses(text).names for name, text in subject.pack.texts.items()}
    return {**needs, _CHARTER: _uses(subject.pack.rules.charter).names}


def _place(name: str) -> Path:
    area, _, key = name.partition(".")
    return (area, key)


def unusable_text_names(subject: Subject) -> Iterator[Finding]:
    """Find names of texts that no template could say."""
    for name in subject.pack.texts:
        if not name.isidentifier():
            message = f'no template can say texts.{name}: use letters, digits and "_"'
            yield Finding(path=("texts", name), message=message, at_key=True)


def unknown_names(subject: Subject) -> Iterator[Finding]:
    """Find names that mean nothing, or nobody where a step has no member."""
    needs = _needs(subject)
    meant = spread({name: _PEOPLE & wanted for name, wanted in needs.items()}, needs)
    for path, text in _templates(subject):
        names = _uses(text).names
        for name in sorted(names):
            message, near = _unknown(subject, name)
            if message:
                yield Finding(path=path, message=message, suggestion=near)
        people = (_PEOPLE & names).union(*(meant.get(name, ()) for name in names))
        yield from _absent(subject, path, people)


def _unknown(subject: Subject, name: str) -> tuple[str, str]:
    area, _, key = name.partition(".")
    if name in {*_ALWAYS, *_PEOPLE}:
        return "", ""
    if area == "texts":
        texts = subject.names["text"]
        if key in texts:
            return "", ""
        return f'there is no text "{key}"', suggestion(key, texts)
    near = suggestion(name, (*_ALWAYS, *sorted(_PEOPLE)))
    return f'a template knows no "{name}"', near


def _absent(subject: Subject, path: Path, people: Iterable[str]) -> Iterator[Finding]:
    """Find `member.name` and `members` in what a step without them says."""
    if path[0] not in {"steps", "library"}:
        return
    step = subject.pack.steps[int(path[1])] if path[0] == "steps" else None
    known = subject.people_of(step) if step else frozenset()
    for name in sorted(people):
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
    return frozenset(subject.pack.collections) if name == "best" else None


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
        if path[0] in {"steps", "texts"} and _words("spoken_reply").search(text):
            message = "in most groups a reply is not heard: write {{ say('…') }} instead"
            yield Finding(path=path, message=message, severity="warning")


def names_without_brackets(subject: Subject) -> Iterator[Finding]:
    """Find places for a name that other programs know, and this one would post as they stand."""
    for path, text in _templates(subject):
        found = _words("strange_place").search(text)
        if found:
            message = f"{found[0]} is posted as it stands: a name is written {{{{ member.name }}}}"
            yield Finding(path=path, message=message, severity="warning")


@cache
def _words(name: str) -> re.Pattern[str]:
    words: Any = yaml_source.load_packaged("check_words.yaml")
    return re.compile(words[name])
