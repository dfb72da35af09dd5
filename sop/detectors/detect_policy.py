"""Detectors of what each group decides for itself: who may be sought or sold to, when, and how.

Nothing here is wrong in every group. A check with `posts` says what happens to such a post:
`allow`, `ask` staff, or `forbid`. Where it is not forbidden, it is no advert by being a post.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sop.detectors.detect_advice import advice
from sop.detectors.detect_words import WordList
from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Utterance, Verdict, certain, signal
from sop.frozen import replace
from sop.times.durations import DAY_MINUTES, MINUTE_MS, Span, format_time_of_day
from sop.yaml import yaml_source

WELCOME: Final = "welcome"
"""The signal of a post this group allows."""

POSTS: Final = ("recruiting", "second-hand")
"""The kinds of posts that look like adverts to whoever does not know the group."""

LEAST_LETTERS: Final = 12
"""Letters from which a message is in a language, unless the pack says otherwise."""

_POSTS: Final[Mapping[str, float]] = {"allow": 0, "ask": 1, "forbid": 2}
_ASKED = 0.49
_FOREIGN_SHARE = 0.8
# Each run of signs is tried at its beginning alone, so that a long one is read once.
_NO_TALK = re.compile(
    r"(?:https?:)?//\S+|@\S+|(?<![\w.-])[\w.-]+@[\w.-]+"
    r"|(?<![a-z0-9-])[a-z0-9-]+(?:\.[a-z0-9-]+)+\S*"
)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWords:
    """The packaged words: by kind of post its offers, terms and asks, and letters by language."""

    posts: Mapping[str, tuple[WordList, WordList, WordList]]
    never: frozenset[str]
    languages: Mapping[str, str]


@cache
def packaged() -> PolicyWords:
    """Return the packaged words; the file is read at the first call."""
    data: Any = yaml_source.load_packaged("policy_words.yaml")
    kinds = ("offers", "terms", "asks")
    return PolicyWords(
        posts={
            name: tuple(WordList.of(data[name][kind]) for kind in kinds)  # type: ignore[misc] # three of them
            for name in POSTS
        },
        never=frozenset(data["never"]),
        languages=data["languages"],
    )


def posts_of(name: str, params: Params) -> Detector:
    """Find a post that offers work (`recruiting`) or goods (`second-hand`) on terms."""
    params.only("posts")
    answer = _answer(params)
    offers, terms, asks = packaged().posts[name]

    def judge(said: Utterance) -> Verdict:
        offered = offers.found(said.normal)
        named = terms.found(said.normal) if offered else []
        if not named or asks.found(said.normal):
            return CLEAR
        evidence = f"{offers.words[offered[0]]} {terms.words[named[0]]}"
        return _answered(answer, name, evidence)

    return judge


def competitors(params: Params) -> Detector:
    """Find one of `names`: people say whether it was praise of a rival or plain talk."""
    params.only("names", "posts")
    answer, names = _answer(params), WordList.of(params.texts("names"))
    if not names.words:
        raise ValueError("competitors needs names: [一家, 另一家]")

    def judge(said: Utterance) -> Verdict:
        found = names.found(said.normal)
        return _answered(answer, "competitor", names.words[found[0]]) if found else CLEAR

    return judge


def _answer(params: Params) -> float:
    return params.choice("posts", _POSTS, "ask")


def _answered(answer: float, name: str, evidence: str) -> Verdict:
    if answer == _POSTS["forbid"]:
        return certain(signal(name, 1.0, evidence))
    if answer == _POSTS["ask"]:
        return advice(signal(name, 1.0, evidence))
    return Verdict(violated=False, confidence=0.0, signals=(signal(WELCOME, -1.0, evidence),))


def is_known(verdict: Verdict) -> bool:
    """Tell whether a verdict is about a post that the group allows or has people decide about."""
    first = verdict.signals[0].name if verdict.signals else ""
    return first == WELCOME or (verdict.doubtful and first in POSTS)


def spared(advert: Verdict, *, welcome: bool) -> Verdict:
    """Return how a possible advert is seen that is a post known to the group.

    It is none, unless it holds what no honest one needs: then it is asked about where it would
    be `welcome`, and else stays what it is.
    """
    if packaged().never.isdisjoint(one.name for one in advert.signals if one.weight > 0):
        return replace(advert, violated=False, doubtful=False, confidence=0.0)
    if welcome and advert.violated:
        return replace(advert, violated=False, doubtful=True, confidence=_ASKED)
    return advert


def language(params: Params) -> Detector:
    """Find a message of at least `min` letters, four in five of no language in `allow`.

    Links, addresses and mentions are not counted.
    """
    params.only("allow", "min")
    known = packaged().languages
    allowed = params.texts("allow")
    wrong = [name for name in allowed if name not in known]
    if wrong or not allowed:
        what = f", not {wrong[0]}" if wrong else ""
        raise ValueError(f"allow of language must name some of {', '.join(known)}{what}")
    least = params.whole("min", 1, default=LEAST_LETTERS)
    own = re.compile(f"[{''.join(known[name] for name in allowed)}]")

    def judge(said: Utterance) -> Verdict:
        if len(said.normal) < least:
            return CLEAR
        plain = _NO_TALK.sub(" ", said.normal)
        letters = len(_LETTERS.findall(plain))
        foreign = letters - len(own.findall(plain))
        if letters < least or foreign < _FOREIGN_SHARE * letters:
            return CLEAR
        return certain(signal("language", 1.0, f"{foreign} of {letters}"))

    return judge


def hours(params: Params) -> Detector:
    """Find a message outside `between`, the first of the member's since it was shut.

    Later ones are told of by the signal alone. Where nobody knows the time there is nothing to
    go by.
    """
    params.only("between")
    open_ = params.given.get("between")
    if not isinstance(open_, Span):
        raise ValueError('hours needs between: "07:00-23:00"')  # noqa: TRY004 - as the others
    length = (open_.end_minute - open_.start_minute) % DAY_MINUTES

    def judge(said: Utterance) -> Verdict | None:
        if said.clock < 0:
            return None
        if (said.clock - open_.start_minute) % DAY_MINUTES < length:
            return CLEAR
        minute = said.at - said.at % MINUTE_MS
        shut = minute - (said.clock - open_.end_minute) % DAY_MINUTES * MINUTE_MS
        if any(at >= shut for at, _ in said.recent):
            return certain(signal("hours-told-before", 0.0, format_time_of_day(said.clock)))
        return certain(signal("hours", 1.0, format_time_of_day(said.clock)))

    return judge
