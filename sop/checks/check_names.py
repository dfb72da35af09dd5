"""Checks of names: ids that are there twice, and names that mean nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sop.activities import commands
from sop.checks.check_subject import Subject, walk, warning
from sop.circles import circles, in_turn
from sop.fields.pack_types import FileName, Reference, SegmentRef
from sop.pack.pack_actions import DmAction, PostAction
from sop.pack.pack_campaigns import ChallengeAction, CollectAction, SignupAction
from sop.pack.pack_links import WAY_IN
from sop.problems import Path, suggestion
from sop.yaml.schema_problems import Finding

_MOST_ASKED: Final = 1_000
_LONGEST_CHAIN: Final = 20


_LISTS: Final[tuple[Path, ...]] = (
    ("steps",), ("levels",), ("benefits",), ("badges",), ("rules", "checks"), ("leaders", "tiers"),
)  # fmt: skip
"""Where the lists stand whose entries have ids of their own."""


def repeated_ids(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Find ids that an earlier entry of the same list bears, in a pack as it was written.

    What is wrong elsewhere in an entry does not hide its id.
    """
    for path in _LISTS:
        found: Any = data
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        yield from _repeated(path, found if isinstance(found, list) else ())


def _repeated(path: Path, entries: Sequence[Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        each = entry.get("id") if isinstance(entry, Mapping) else None
        if not isinstance(each, str):
            continue
        if each in seen:
            message = f'the id "{each}" is taken by an earlier entry'
            yield Finding(path=(*path, index, "id"), message=message)
        seen.add(each)


def repeated_collections(subject: Subject) -> Iterator[Finding]:
    """Find collections, challenges and sign-ups of one name."""
    seen: Counter[str] = Counter()
    for path, step, action in subject.actions:
        if isinstance(action, CollectAction | ChallengeAction | SignupAction):
            name = action.id or step.id
            if seen[name]:
                message = f'the collection "{name}" is there already'
                yield Finding(path=(*path, action.UNDER, "id"), message=message)
            seen[name] += 1


def unknown_references(subject: Subject) -> Iterator[Finding]:
    """Find references to benefits, levels, pools, steps, … that the pack does not define."""
    for path, value in subject.parts:
        if isinstance(value, Reference):
            known = subject.names[value.kind]
            if value not in known:
                yield _unknown(path, value.kind, str(value), known)


def _unknown(path: Path, kind: str, name: str, known: Iterable[str]) -> Finding:
    near = suggestion(name, known)
    listed = ", ".join(sorted(known)[:20])
    hint = "" if near else f": there is {listed or 'none'}"
    return Finding(path=path, message=f'there is no {kind} "{name}"{hint}', suggestion=near)


def segment_circles(subject: Subject) -> Iterator[Finding]:
    """Find segments that are defined by each other; the first of each circle is named."""
    for circle in circles(_segments_of(subject)):
        message = "this segment is defined by itself, directly or through others"
        yield Finding(path=("segments", circle[0]), message=message)


def _segments_of(subject: Subject) -> dict[str, list[str]]:
    """Return the segments that each segment asks for, as often as it does."""
    return {
        name: [str(value) for _, value in walk(conditions) if isinstance(value, SegmentRef)]
        for name, conditions in subject.pack.segments.items()
    }


def endless_segments(subject: Subject) -> Iterator[Finding]:
    """Find segments that would keep the bot busy: too many conditions, or too long a chain.

    Conditions are asked of every member again and again; a segment that names another twice,
    which names another twice, soon asks more than any machine can.
    """
    needs = _segments_of(subject)
    sizes: dict[str, int] = {}
    chains: dict[str, int] = {}
    for name in in_turn(needs):
        size = sum(1 for _ in walk(subject.pack.segments[name]))
        sizes[name] = min(size + sum(sizes.get(each, 0) for each in needs[name]), _MOST_ASKED + 1)
        chains[name] = 1 + max((chains.get(each, 0) for each in needs[name]), default=0)
        inner = max((sizes.get(each, 0) for each in needs[name]), default=0)
        if sizes[name] > _MOST_ASKED >= inner and chains[name] <= _LONGEST_CHAIN:
            yield _endless(name, f"asks more than {_MOST_ASKED:,} conditions with its segments")
        elif chains[name] == _LONGEST_CHAIN + 1:
            yield _endless(name, f"stands on a chain of more than {_LONGEST_CHAIN} segments")


def _endless(name: str, what: str) -> Finding:
    return Finding(path=("segments", name), message=f"{what}: make it simpler")


def unknown_links(subject: Subject) -> Iterator[Finding]:
    """Find links of messages that are neither a web address nor a name under `links`."""
    for path, value in subject.parts:
        if isinstance(value, (PostAction, DmAction)) and value.link:
            is_url = value.link.casefold().startswith(("https://", "http://"))
            if not is_url and value.link not in subject.names["link"]:
                yield _unknown((*path, "link"), "link", value.link, subject.names["link"])


def ways_in_nowhere(subject: Subject) -> Iterator[Finding]:
    """Find addresses of groups that are not bound: nobody is ever sent there."""
    bound = {each.id for each in subject.groups}
    for name in subject.pack.links:
        group = name.removeprefix(WAY_IN)
        if bound and group not in (name, *bound):
            yield warning(
                ("links", name), f'no group "{group}" is bound to this pack',
                suggestion(group, bound),
            )  # fmt: skip


def unknown_commands(subject: Subject) -> Iterator[Finding]:
    """Find command words and acknowledgements for commands that do not exist."""
    for section, table in (("commands", subject.pack.commands), ("ack", subject.pack.ack)):
        for name in table:
            if not commands.command_name(name):
                yield Finding(
                    path=(section, name),
                    message=f'there is no command "{name}"',
                    suggestion=suggestion(name, commands.known_names()),
                    at_key=True,
                )


def missing_files(subject: Subject) -> Iterator[Finding]:
    """Find files that a pack names but that do not lie beside it."""
    if subject.files is None:
        return
    wanted = [(path, str(each)) for path, each in subject.parts if isinstance(each, FileName)]
    for index, benefit in enumerate(subject.pack.benefits):
        if benefit.kind == "file" and benefit.value and "://" not in benefit.value:
            wanted.append((("benefits", index, "value"), benefit.value))
    for path, name in wanted:
        if name not in subject.files:
            yield Finding(
                path=path,
                message=f'the file "{name}" does not lie beside the pack',
                suggestion=suggestion(name, subject.files),
                severity="warning",
            )


def promises(subject: Subject) -> Iterator[Finding]:
    """Find promises that name no benefit: nobody would deliver them."""
    pack = subject.pack
    promised: list[tuple[Path, str]] = []
    for layer, names in pack.layers.benefits.items():
        promised += _listed(("layers", "benefits", layer), names)
    for index, tier in enumerate(pack.leaders.tiers if pack.leaders else ()):
        promised += _listed(("leaders", "tiers", index, "benefits"), tier.benefits)
    for index, badge in enumerate(pack.badges):
        promised += _listed(("badges", index, "brings"), badge.brings)
    for path, name in promised:
        if name not in subject.names["benefit"]:
            yield Finding(
                path=path,
                message=f'"{name}" is no benefit id: nobody delivers this promise',
                suggestion=suggestion(name, subject.names["benefit"]),
                severity="warning",
            )


def _listed(path: Path, names: Iterable[str]) -> list[tuple[Path, str]]:
    return [((*path, index), name) for index, name in enumerate(names)]
