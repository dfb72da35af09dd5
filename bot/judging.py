"""Judging a line of text by a pack's rules, for `qunyun judge`."""

import json
from typing import Any

from sop.detectors import RuleBook
from sop.text import normalise
from sop.verdicts import Utterance


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


def sentence(found: dict[str, Any]) -> str:
    """Return a verdict for people: one line, whatever line ends the text holds."""
    mark = f"{found['rule']} {found['confidence']:.2f}" if found["violated"] else "ok"
    return f"{mark}\t{' '.join(found['text'].splitlines())}"
