"""Checks against the bound groups: what their channels can never hear."""

from collections.abc import Iterator
from typing import Final

from sop.bindings.bindings import Binding
from sop.channels import can, hears_all, knows_members
from sop.checks.check_bound import Note, heard, steps_in, together
from sop.checks.check_subject import Subject
from sop.pack.pack_actions import GameAction, QuestionsAction
from sop.pack.pack_campaigns import ChallengeAction, SignupAction, VoteAction
from sop.pack.pack_conditions import NEEDS_HEARING, Conditions
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.standing import segments
from sop.triggers import triggers
from sop.yaml.schema_problems import Finding

_NEED_ALL: Final = frozenset({"flood", "repeats"})
_HEAR_LESS: Final = frozenset({"copies", "hours", "language", "topic"})
"""What works on each message by itself, but only on those that are heard."""

_DEEPEST: Final = 20


def unheard(subject: Subject) -> Iterator[Finding]:
    """Find what depends on messages, joins or dates that no channel of a group brings."""
    yield from together(
        (_rules, _deeds, _core, _badges, _steps, _games, _polls, _invites, _joins, _starts),
        subject,
    )


def _rules(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels):
        return
    deaf = not can(group.channels, "hear_mentions")
    for index, check in enumerate(subject.pack.rules.checks):
        if deaf or check.detect in _NEED_ALL:
            what = f'rule "{check.id}" can never fire {{where}}: {heard(group)}'
            yield Note(("rules", "checks", index), what)
    partly = [each.id for each in subject.pack.rules.checks if each.detect in _HEAR_LESS]
    if partly and not deaf:
        named = ", ".join(f'"{each}"' for each in partly)
        what = f"{{where}} messages that do not mention the bot pass these rules unseen: {named}"
        yield Note(("rules", "checks"), what)


def _deeds(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels) or "message" not in subject.pack.score.earn:
        return
    path: Path = ("score", "earn", "message")
    if can(group.channels, "hear_mentions"):
        yield Note(path, f"{{where}} this pays for talking to the bot: {heard(group)}")
    else:
        yield Note(path, f"{{where}} this pays nothing: {heard(group)}")


def _core(subject: Subject, group: Binding) -> Iterator[Note]:
    core = subject.pack.layers.core
    if core is None or hears_all(group.channels):
        return
    for key, conditions in (("enter", core.enter), ("leave", core.leave)):
        base: Path = ("layers", "core", key)
        for path, name in _unknown(subject, conditions or Conditions(), base, denied=False):
            yield Note(path, f"{name} is unknown of who is only {{where}}: {heard(group)}")


def _badges(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels):
        return
    for index, badge in enumerate(subject.pack.badges):
        base: Path = ("badges", index, "if")
        for path, name in _unknown(subject, badge.if_, base, denied=False):
            yield Note(path, f"{name} is unknown of who is only {{where}}: {heard(group)}")


def _steps(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels):
        return
    for path, step in steps_in(subject, group):
        yield from _trigger(path, step, group)
        for key, conditions in (("if", step.if_), ("unless", step.unless)):
            denied = key == "unless"
            for place, name in _unknown(subject, conditions, (*path, key), denied=denied):
                so = "never holds" if "any" in place else "never runs"
                yield Note(place, f"{name} is unknown {{where}}, so this {so}: {heard(group)}")
        if step.each:
            asked = Conditions(segment=step.each.segment)
            for _, name in _unknown(subject, asked, path, denied=False):
                what = f"{name} is unknown {{where}}, so nobody is of this segment: {heard(group)}"
                yield Note((*path, "each", "segment"), what)


def _trigger(path: Path, step: Step, group: Binding) -> Iterator[Note]:
    if isinstance(step.when, (triggers.Silence, triggers.Inactive)):
        what = f"silence is unknown {{where}}, so this never runs: {heard(group)}"
        yield Note((*path, "when"), what)
    if isinstance(step.when, triggers.Says):
        deaf = not can(group.channels, "hear_mentions")
        so = "this never runs" if deaf else "this hears only what reaches the bot"
        yield Note((*path, "when"), f"{{where}} {so}: {heard(group)}")


def _unknown(
    subject: Subject, conditions: Conditions, path: Path, *, denied: bool, depth: int = 0
) -> Iterator[tuple[Path, str]]:
    """Yield what cannot be known, in alternatives and segments too.

    That somebody did introduce themselves can be known.
    """
    for name in NEEDS_HEARING:
        value = getattr(conditions, name)
        if value is not None and (name != "introduced" or value == denied):
            yield (*path, name) if path[0] != "steps" or "any" in path else path, name
    for index, inner in enumerate(conditions.any):
        yield from _unknown(subject, inner, (*path, "any", index), denied=denied, depth=depth)
    segment = segments.definitions(subject.pack).get(str(conditions.segment))
    if segment is not None and depth < _DEEPEST:
        found = _unknown(subject, segment, ("segments",), denied=denied, depth=depth + 1)
        names = sorted({name for _, name in found})
        if names:
            yield path, f'{" and ".join(names)} of segment "{conditions.segment}"'


def _games(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels):
        return
    deaf = not can(group.channels, "hear_mentions")
    running = {id(step) for _, step in steps_in(subject, group)}
    for path, step, action in subject.actions:
        if id(step) not in running:
            continue
        if isinstance(action, GameAction) and (deaf or action.game == "idiom-chain"):
            so = "is not heard" if deaf else "is heard only if it mentions the bot"
            yield Note((*path, "game"), f"{{where}} a move {so}: {heard(group)}")
        if isinstance(action, QuestionsAction) and deaf:
            yield Note((*path, "questions"), f"{{where}} no question is heard: {heard(group)}")
        if isinstance(action, ChallengeAction) and deaf:
            so = (
                "days are said in private only" if can(group.channels, "dm") else "no day is heard"
            )
            yield Note((*path, "challenge"), f"{{where}} {so}: {heard(group)}")


def _invites(subject: Subject, group: Binding) -> Iterator[Note]:
    if "invite" in subject.pack.score.earn and not knows_members(group.channels):
        what = "{where} nobody's joining is known: each invitation waits for staff to confirm it"
        yield Note(("score", "earn", "invite"), what)


def _polls(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels):
        return
    deaf = not can(group.channels, "hear_mentions")
    running = {id(step) for _, step in steps_in(subject, group)}
    for path, step, action in subject.actions:
        if id(step) not in running or not isinstance(action, VoteAction | SignupAction):
            continue
        if deaf:
            what = f"people must hold it {{where}}: {heard(group)}"
            yield Note((*path, action.UNDER), what)
        who = action.who if isinstance(action, VoteAction) else Conditions()
        for _, name in _unknown(subject, who, path, denied=False):
            what = f"{name} is unknown {{where}}, so nobody may vote: {heard(group)}"
            yield Note((*path, "vote", "who"), what)


def _joins(subject: Subject, group: Binding) -> Iterator[Note]:
    if knows_members(group.channels):
        return
    for path, step in steps_in(subject, group):
        if isinstance(step.when, triggers.MemberJoined):
            yield Note((*path, "when"), "{where} nobody's joining is known: this never fires")
    if subject.pack.admission is not None and group.kind != "core":
        yield Note(("admission",), "{where} nobody's joining is known: nobody is asked")
    if subject.pack.rules.raid is not None:
        what = "{where} nobody's joining is known: staff must say when a crowd comes in"
        yield Note(("rules", "raid"), what)


def _starts(subject: Subject, group: Binding) -> Iterator[Note]:
    for path, step in steps_in(subject, group):
        if isinstance(step.when, triggers.AroundStart) and group.starts is None:
            what = "never runs {where}: groups.yaml gives no starts"
            yield Note((*path, "when"), what)
