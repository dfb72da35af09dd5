"""Judging a line of text by a pack's rules, for `qunyun judge`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from handlers.moderation import saying
from sop.book import Book
from sop.detectors import trust
from sop.detectors.evidence import as_typed
from sop.detectors.unmasking import Unmasked, unmask
from sop.detectors.verdicts import Utterance, Verdict
from sop.text import normalise
from sop.texts import text


class Sender(StrEnum):
    """Whom a line may be taken to come from."""

    NEWCOMER = "newcomer"
    REGULAR = "regular"
    LEADER = "leader"
    CORE = "core"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    role: str = "member"
    layer: str = "regular"
    standing: trust.Standing = trust.KNOWN


_TRUSTED = replace(trust.KNOWN, trusted=True)
_SENDERS: Final[Mapping[Sender, _Who]] = {
    Sender.NEWCOMER: _Who(standing=trust.NEW),
    Sender.REGULAR: _Who(),
    Sender.LEADER: _Who(role="leader", standing=_TRUSTED),
    Sender.CORE: _Who(layer="core", standing=_TRUSTED),
    Sender.STAFF: _Who(role="staff"),
}


def said(line: str) -> str:
    """Return what is to be judged: the text of `{"text": …}`, else the line as it is."""
    if line.lstrip().startswith("{"):
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            return line
        if isinstance(read, dict) and isinstance(read.get("text"), str):
            return str(read["text"])
    return line


def judged(book: Book, words: str, sender: Sender | None = None) -> tuple[Verdict, ...] | None:
    """Return what the checks say of a text, breaches first; None where nobody looks at it.

    Without a sender nothing is known of who said it.
    """
    utterance = Utterance(text=words, normal=normalise(words), at=0)
    if sender is None:
        return book.rules.judge(utterance)
    who, rules = _SENDERS[sender], book.pack.rules
    skip = trust.unlooked(who.role, who.layer, rules.exempt)
    if skip is None:
        return None
    verdicts = book.rules.judge(utterance, skip)
    return trust.with_sender(verdicts, lambda: who.standing, rules.checks)


def verdict(book: Book, words: str, sender: Sender | None = None) -> dict[str, Any]:
    """Return text, violated, rule, confidence and reason; half a character is shown as `?`."""
    return _shown(words, sender, judged(book, words, sender))


def _shown(
    words: str, sender: Sender | None, verdicts: Sequence[Verdict] | None
) -> dict[str, Any]:
    first = next(iter(verdicts or ()), None)
    reason = text("rules.not-looked-at") if verdicts is None else first.reason if first else ""
    return {
        "text": words.encode("utf-8", "replace").decode(),
        "violated": first is not None and first.violated,
        "rule": first.rule if first and first.violated else "",
        "confidence": round(first.confidence, 3) if first else 0.0,
        "reason": reason,
    } | ({"sender": sender.value} if sender else {})


def explained(book: Book, words: str, sender: Sender | None = None) -> dict[str, Any]:
    """Return the verdict with all that led to it, and what the member would be told.

    `plain` is the text without disguises; `signals` are those of every rule that saw something,
    and of who is taken to have said it, with evidence as it was typed.
    """
    verdicts = judged(book, words, sender)
    first, found = _shown(words, sender, verdicts), verdicts or ()
    met = next((each for each in found if each.violated), None)
    plain = unmask(words)
    return first | {
        "doubtful": met is None and any(each.doubtful for each in found),
        "observed": met is not None and met.observed,
        "plain": next((each.plain for each in found if each.plain), normalise(words)),
        "signals": [line for each in found for line in _signals(each, plain)],
        "told": "" if met is None or met.observed else _told(book, met.rule),
    }


def _signals(found: Verdict, plain: Unmasked) -> Iterator[dict[str, Any]]:
    for one in found.signals:
        yield {
            "rule": found.rule, "signal": one.name, "weight": one.weight,
            "evidence": as_typed(plain, one.evidence).encode("utf-8", "replace").decode(),
        }  # fmt: skip


def _told(book: Book, rule: str) -> str:
    """Return what a first strike tells a member without a name: nothing where people decide."""
    rules = book.pack.rules
    first = rules.ladder[0]
    if first in rules.confirm:
        return ""
    return saying.of_measure(book, first, rule, text("people.hello"))


def explanation(found: dict[str, Any]) -> str:
    """Return an explained verdict for people, over several lines."""
    lines = [sentence(found)]
    if "sender" in found:
        lines.append(f"  said by\t{found['sender']}")
    lines.append(f"  read as\t{' '.join(found['plain'].splitlines())}")
    lines += (
        f"  {one['weight']:+.2f}\t{one['signal']}\t{one['evidence']}" for one in found["signals"]
    )
    if found["reason"]:
        lines.append(f"  because\t{found['reason']}")
    if found["doubtful"]:
        lines.append("  staff would be asked")
    if found["observed"]:
        lines.append("  staff would be told; nothing happens to the member")
    if found["told"]:
        lines.append(f"  the member would be told\t{' '.join(found['told'].splitlines())}")
    return "\n".join(lines)


def sentence(found: dict[str, Any]) -> str:
    """Return a verdict for people: one line, whatever line ends the text holds."""
    mark = f"{found['rule']} {found['confidence']:.2f}" if found["violated"] else "ok"
    return f"{mark}\t{' '.join(found['text'].splitlines())}"
