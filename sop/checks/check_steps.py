"""Checks of steps: what cannot run, what means nobody, and what the limits would hold back."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sop import circles as knots
from sop.checks.check_members import TIMED
from sop.checks.check_subject import Subject
from sop.pack.pack_actions import (
    AskAction,
    AwardAction,
    DmAction,
    DropAction,
    PostAction,
    TagAction,
)
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_steps import Step
from sop.problems import Path, Severity, suggestion
from sop.triggers import triggers
from sop.yaml.schema_problems import Finding

_SHOWN: Final = 12
_NEED_A_MEMBER: Final = (DmAction, AwardAction, TagAction)
_ACCOUNT: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._@-]{0,63}")

_MENTIONS: Final = {
    "all": "all", "everyone": "all", "everybody": "all", "所有人": "all", "全体": "all",
    "全体成员": "all", "全员": "all", "大家": "all", "member": "member", "members": "member",
    "成员": "member", "本人": "member", "新人": "member",
}  # fmt: skip
"""What operators write for everybody, and for the step's member."""

_OF_THE_GROUP: Final = frozenset({"value_posts", "step_done", "any"})


def unknown_successors(subject: Subject) -> Iterator[Finding]:
    """Find steps after a step that does not exist."""
    known = subject.names["step"]
    for path, step in subject.placed:
        if isinstance(step.when, triggers.After) and step.when.step not in known:
            yield Finding(
                path=(*path, "when", "after"),
                message=f'there is no step "{step.when.step}"',
                suggestion=suggestion(step.when.step, known),
            )


def circles(subject: Subject) -> Iterator[Finding]:
    """Find steps that come after each other in a circle; the first of each is named."""
    after = {
        step.id: (step.when.step,) if isinstance(step.when, triggers.After) else ()
        for _, step in subject.placed
    }
    first = {circle[0]: circle for circle in knots.circles(after)}
    for path, step in subject.placed:
        if step.id in first:
            message = f"these steps wait for each other: {_run(first.pop(step.id), after)}"
            yield Finding(path=(*path, "when", "after"), message=message)


def _run(circle: tuple[str, ...], after: Mapping[str, tuple[str, ...]]) -> str:
    """Write a circle in the order in which its steps would run; of a long one, the beginning."""
    passed = [circle[0]]
    while len(passed) < len(circle):
        passed.append(after[passed[-1]][0])
    ran = [passed[0], *reversed(passed[1:]), passed[0]]
    return " → ".join(ran if len(ran) <= _SHOWN else [*ran[:_SHOWN], "…"])


def nobody_meant(subject: Subject) -> Iterator[Finding]:
    """Find what is done to, or asked about, a member in a step that has none."""
    for path, step in subject.placed:
        if subject.people_of(step):
            continue
        yield from _deeds_to_nobody(path, step)
        if step.limit.member:
            yield _nobody((*path, "limit", "member"), "limits a member's runs", "warning")
        for key, conditions in (("if", step.if_), ("unless", step.unless)):
            for name in _asked_of_members(conditions):
                yield _nobody((*path, key, name), "asks about a member", "warning")


def _deeds_to_nobody(path: Path, step: Step) -> Iterator[Finding]:
    for index, action in enumerate(step.do):
        if isinstance(action, _NEED_A_MEMBER):
            key = next(iter(type(action).model_fields))
            yield _nobody((*path, "do", index, key), "is done to a member", "error")
        if isinstance(action, PostAction) and "member" in action.mention:
            yield _nobody((*path, "do", index, "mention"), "mentions a member", "error")


def mentioned_strangers(subject: Subject) -> Iterator[Finding]:
    """Find mentions that are neither `all` nor `member` nor can be anybody's account."""
    for path, _, action in subject.actions:
        for name in action.mention if isinstance(action, PostAction) else ():
            meant = _MENTIONS.get(name.lstrip("@").casefold(), "")
            if name == meant or (not meant and _ACCOUNT.fullmatch(name)):
                continue
            message = f'"{name}" is no account: write all, member, or people\'s accounts (账号)'
            severity: Severity = "error" if meant else "warning"
            yield Finding(
                path=(*path, "mention"), message=message, suggestion=meant, severity=severity
            )


def _nobody(path: Path, what: str, severity: str) -> Finding:
    message = f"this {what}, and the step has none: give it each, or a trigger of a member"
    return Finding(
        path=path, message=message, severity="warning" if severity == "warning" else "error"
    )


def _asked_of_members(conditions: Conditions) -> Iterator[str]:
    for name, field in Conditions.model_fields.items():
        if name in conditions.model_fields_set and name not in _OF_THE_GROUP:
            yield field.alias or name


def misplaced_keys(subject: Subject) -> Iterator[Finding]:
    """Find `each` and `batch` where the trigger has no use for them."""
    for path, step in subject.placed:
        if step.each and not isinstance(step.when, TIMED):
            message = "each belongs to steps that run by the clock"
            yield Finding(path=(*path, "each"), message=message)
        if step.batch and not isinstance(step.when, triggers.MemberJoined):
            message = "batch merges newcomers: it does nothing without member.joined"
            yield Finding(path=(*path, "batch"), message=message, severity="warning")


def nothing_dropped(subject: Subject) -> Iterator[Finding]:
    """Find prompts from an item that no `drop` before them brought."""
    for path, step in subject.placed:
        dropped = False
        for index, action in enumerate(step.do):
            dropped = dropped or isinstance(action, DropAction)
            if isinstance(action, AskAction) and action.ask.from_ and not dropped:
                message = "takes its prompt from an item: put a drop before it"
                yield Finding(path=(*path, "do", index, "ask"), message=message)
