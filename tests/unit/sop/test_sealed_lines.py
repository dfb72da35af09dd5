"""Lines no weight was ever fitted to: what the default rules catch of them, and whom they hit.

The lines are written by hand in other words than those of `sop/corpus`. Nothing may be tuned on
them: a change that makes a figure worse is looked at, not these lines.
"""

from functools import cache
from pathlib import Path

from sop.detectors.detectors import build
from sop.detectors.verdicts import Verdict
from tests.unit.sop.saying import said

SEALED = Path(__file__).parents[2] / "sealed"


@cache
def verdicts(name: str) -> tuple[Verdict, ...]:
    judge = build("ads", {})
    lines = (SEALED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(verdict for line in lines if (verdict := judge(said(line))) is not None)


def share(name: str, *, asked: bool = False) -> float:
    found = verdicts(name)
    return sum(one.violated or (asked and one.doubtful) for one in found) / len(found)


def test_there_are_enough_lines_to_say_something() -> None:
    assert len(verdicts("adverts")) >= 150
    assert len(verdicts("ordinary")) >= 400
    assert len(verdicts("adverts-2")) >= 140
    assert len(verdicts("ordinary-2")) >= 250


def test_ordinary_talk_of_prices_contacts_and_adverts_is_left_alone() -> None:
    assert share("ordinary") <= 0.005
    assert share("ordinary", asked=True) <= 0.01
    # Three lines of these: it was two before the model was taught offers in a friend's tone, which
    # is what can be told apart least, and of which it catches more.
    assert share("ordinary-2") <= 0.012
    assert share("ordinary-2", asked=True) <= 0.02


def test_adverts_in_the_style_of_groups_are_caught() -> None:
    assert share("adverts") >= 0.84
    assert share("adverts", asked=True) >= 0.92
    # Written as members talk: most of them have no number, no link and no telling word.
    assert share("adverts-2") >= 0.74
    assert share("adverts-2", asked=True) >= 0.86
