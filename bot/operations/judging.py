"""Judging a line of text by a pack's rules, for `qunyun judge`."""

import json
from collections.abc import Iterator
from typing import Any

from sop.book import Book
from sop.detectors.detectors import RuleBook
from sop.detectors.verdicts import Utterance, Verdict
from sop.text import normalise
from sop.texts import text


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


def verdict(rules: RuleBook, words: str) -> dict[str, Any]:
    """Return text, violated, rule, confidence and reason; half a character is shown as `?`."""
    utterance = Utterance(text=words, normal=normalise(words), at=0)
    first = next(iter(rules.judge(utterance)), None)
    return {
        "text": words.encode("utf-8", "replace").decode(),
        "violated": first is not None and first.violated,
        "rule": first.rule if first and first.violated else "",
        "confidence": round(first.confidence, 3) if first else 0.0,
        "reason": first.reason if first else "",
    }


def explained(book: Book, words: str) -> dict[str, Any]:
    """Return the verdict with all that led to it, and what the member would be told.

    `plain` is the text without disguises; `signals` are those of every rule that saw something.
    """
    utterance = Utterance(text=words, normal=normalise(words), at=0)
    verdicts = book.rules.judge(utterance)
    first = verdict(book.rules, words)
    return first | {
        "doubtful": not first["violated"] and any(each.doubtful for each in verdicts),
        "plain": next((each.plain for each in verdicts if each.plain), utterance.normal),
        "signals": [line for each in verdicts for line in _signals(each)],
        "told": _told(book, first["rule"]),
    }


def _signals(found: Verdict) -> Iterator[dict[str, Any]]:
    for one in found.signals:
        yield {
            "rule": found.rule, "signal": one.name, "weight": one.weight,
            "evidence": one.evidence.encode("utf-8", "replace").decode(),
        }  # fmt: skip


def _told(book: Book, rule: str) -> str:
    check = next((each for each in book.pack.rules.checks if each.id == rule), None)
    if check is None:
        return ""
    name = check.reason or text(f"rules.{check.detect}")
    return text("rules.reminder", name="@", rule=name)


def explanation(found: dict[str, Any]) -> str:
    """Return an explained verdict for people, over several lines."""
    lines = [sentence(found), f"  read as\t{' '.join(found['plain'].splitlines())}"]
    lines += (
        f"  {one['weight']:+.2f}\t{one['signal']}\t{one['evidence']}" for one in found["signals"]
    )
    if found["doubtful"]:
        lines.append("  staff would be asked")
    if found["told"]:
        lines.append(f"  the member would be told\t{found['told']}")
    return "\n".join(lines)


def sentence(found: dict[str, Any]) -> str:
    """Return a verdict for people: one line, whatever line ends the text holds."""
    mark = f"{found['rule']} {found['confidence']:.2f}" if found["violated"] else "ok"
    return f"{mark}\t{' '.join(found['text'].splitlines())}"
