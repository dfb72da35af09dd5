"""The rules of the games: what counts as a guess, which answer is right, who has won.

Pure functions; a running game keeps what they are told in the thread it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from sop.games import idioms
from sop.pack.pack import Item
from sop.text import hash_normal, normalise
from sop.yaml import yaml_source

COOL_DOWN_MS: Final = 3_000
"""A player's moves count at most this often, so that others get their turn."""

SPARE: Final = 4
"""Characters a wrong guess may be longer than the longest answer."""

LETTERS: Final = "abcdefgh"

_LONGEST: Final = 60
"""Characters of a message in which a move is looked for."""

REMEMBERED: Final = 1_024
"""Short texts whose readings are remembered: several games look at the same message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Riddle:
    """A question with its answers, all of them right; `options` are chosen from by letter."""

    ask: str
    answers: Sequence[str]
    options: Sequence[str] = ()
    hint: str = ""
    image: str = ""


def playable(item: Item) -> bool:
    """Tell whether the item can be asked and answered."""
    return bool(item.ask and item.answer)


def plain(said: str) -> str:
    """Return what was said without signs and blanks, in its normal form.

    What consists of signs alone stays as it is.
    """
    return _plain(said) if len(said) <= _LONGEST else _plain.__wrapped__(said)


@lru_cache(REMEMBERED)
def _plain(said: str) -> str:
    normal = normalise(said)
    return "".join(char for char in normal if char.isalnum()) or normal


def readings(said: str) -> tuple[str, ...]:
    """Return what may be meant: all that was said, then without the words around an answer."""
    return _readings(said) if len(said) <= _LONGEST else ()


@lru_cache(REMEMBERED)
def _readings(said: str) -> tuple[str, ...]:
    return tuple(_meanings(plain(said)))


def _meanings(whole: str) -> Iterator[str]:
    yield whole
    before, after = _around()
    # Of most talk nothing stands around an answer.
    begun, ended = whole.startswith(before), whole.endswith(after)
    starts = [0, *(len(each) for each in before if whole.startswith(each))] if begun else [0]
    ends = [0, *(len(each) for each in after if whole.endswith(each))] if ended else [0]
    for start in starts:
        for end in ends:
            if start + end and (middle := whole[start : len(whole) - end]):
                yield middle


@cache
def _around() -> tuple[tuple[str, ...], tuple[str, ...]]:
    words: Any = yaml_source.load_packaged("game_words.yaml")
    return tuple(map(plain, words["before"])), tuple(map(plain, words["after"]))


def is_right(riddle: Riddle, said: str) -> bool:
    """Tell whether it is one of the answers, or the letter of the option that is one."""
    right = _right(tuple(riddle.answers), tuple(riddle.options))
    return not right.isdisjoint(readings(said))


@lru_cache(REMEMBERED)
def _right(answers: tuple[str, ...], options: tuple[str, ...]) -> frozenset[str]:
    right = {plain(answer) for answer in answers}
    lettered = zip(LETTERS, options, strict=False)
    return frozenset((*right, *(letter for letter, option in lettered if plain(option) in right)))


def is_guess(riddle: Riddle, said: str) -> bool:
    """Tell whether it may be meant as an answer: an option, or a word as short as answers are.

    What ends with a question mark may be meant for somebody else.
    """
    if normalise(said).endswith("?"):
        return False
    if riddle.options:
        options = zip(LETTERS, riddle.options, strict=False)
        choices = {each for letter, option in options for each in (letter, plain(option))}
        return not choices.isdisjoint(readings(said))
    longest = max((len(plain(answer)) for answer in riddle.answers), default=0)
    return 0 < len(plain(said)) <= longest + SPARE


def is_late(body: Mapping[str, Any], said: str, at: int) -> bool:
    """Tell whether it was meant for the item before, which is settled.

    What answers that one alone is; a letter, or what answers both, where nobody can have read
    the new item yet.
    """
    before = body.get("before")
    if not before or not is_right(Riddle(**before), said):
        return False
    if at < body["asked_at"] + COOL_DOWN_MS:
        return True
    return not before["options"] and not is_right(Riddle(**body["item"]), said)


def mark_of(said: str) -> str:
    """Return what a guess is remembered by: nobody's words are kept."""
    return hash_normal(plain(said))


def idiom_in(said: str, known: idioms.Idioms) -> str:
    """Return the idiom that the message is, or an empty text."""
    return next((each for each in readings(said) if each in known), "")


def judge(known: idioms.Idioms, body: Mapping[str, Any], said: str) -> tuple[str, str]:
    """Return what a message is in a chain, and its idiom.

    link: it goes on; repeat: it would, but was said before; late: it follows the idiom before
    the last, somebody else was faster; empty: no move at all.
    """
    word = idiom_in(said, known)
    sound = bool(body["sound"])
    if not word:
        return "", ""
    if idioms.links(body["word"], word, sound=sound):
        return ("repeat" if word in body["used"] else "link"), word
    if idioms.links(body["before"], word, sound=sound):
        return "late", word
    return "", ""


def is_try(known: idioms.Idioms, body: Mapping[str, Any], said: str) -> bool:
    """Tell whether somebody may mean to go on with the chain: by an idiom, or its character."""
    begins = plain(said)[:1] == body["word"][-1]
    return bool(idiom_in(said, known)) or (begins and len(plain(said)) in _IDIOM_LENGTHS)


_IDIOM_LENGTHS: Final = range(3, 9)


def is_too_fast(body: Mapping[str, Any], person: int, at: int) -> bool:
    """Tell whether a message came too soon after a move of the same player."""
    return is_cooling(body, person, at) and body["last"][str(person)] < at


def is_cooling(body: Mapping[str, Any], person: int, at: int) -> bool:
    """Tell whether the player has moved just now."""
    last = body["last"].get(str(person))
    return last is not None and at < last + COOL_DOWN_MS


def moved(body: Mapping[str, Any], person: int, at: int) -> dict[str, int]:
    """Return who has moved just now, with this player."""
    fresh = {who: when for who, when in body["last"].items() if at < when + COOL_DOWN_MS}
    return {**fresh, str(person): at}


def scored(body: Mapping[str, Any], person: int) -> dict[str, list[int]]:
    """Return the scores with one more for the player: points, and when they were reached."""
    scores: Mapping[str, Sequence[int]] = body["scores"]
    count = scores.get(str(person), (0, 0))[0]
    turn = max((each[1] for each in scores.values()), default=0)
    return {
        **{who: list(each) for who, each in scores.items()},
        str(person): [count + 1, turn + 1],
    }


def standings(scores: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
    """Return (player, points), the best first; of equals who had as many earlier."""
    ranked = sorted(scores.items(), key=lambda each: (-each[1][0], each[1][1]))
    return [(who, each[0]) for who, each in ranked]
