"""What a ballot means, and what ballots decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities import votes

OPTIONS = ("小说", "历史", "历史小说", "Science Fiction")


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("2", 2), ("２", 2), ("2。", 2), ("2！", 2), ("历史", 2), ("历史小", 3),
        ("science fiction", 4), ("SCI", 4), ("小说！", 1), ("小", 0),
        ("5", 0), ("0", 0), ("-1", 0), ("诗", 0), ("", 0),
        ("2 号", 0), ("99999999999", 0), ("²", 2), ("٢", 0),
    ],
)  # fmt: skip
def test_an_option_is_named_by_number_name_or_a_beginning_that_only_one_has(
    said: str, choice: int
):
    assert votes.choice_of(OPTIONS, said) == choice


def test_the_number_that_is_shown_goes_before_an_option_that_is_a_number():
    assert votes.choice_of(("3", "2", "1"), "3") == 3


@given(st.integers(1, 9), st.integers(1, 2**40), st.integers(1, 9))
def test_a_sealed_choice_is_opened_again_and_does_not_show_itself(vote: int, at: int, choice: int):
    mark = votes.sealed(vote, at, choice)

    assert votes.unsealed(vote, at, mark, 9) == choice
    assert votes.unsealed(vote, at, "", 9) == 0
    assert mark != votes.sealed(vote, at + 1, choice)


def test_most_ballots_win_and_equal_ones_all_do():
    assert votes.result((1, 3, 2)).winners == (2,)
    assert votes.result((3, 1, 3)).winners == (1, 3)
    assert votes.result((0, 0)).winners == ()


def test_too_few_ballots_decide_nothing():
    assert votes.result((1, 3), quorum=4).winners == (2,)
    short = votes.result((1, 2), quorum=4)
    assert (short.reached, short.winners) == (False, ())


def test_of_a_secret_vote_so_few_ballots_are_not_told_that_they_would_tell_who_chose_what():
    few = votes.result((0, 2), secret=True)
    assert (few.told, few.winners) == (False, ())
    assert votes.result((0, 3), secret=True).told
    assert votes.result((0, 2)).told


@given(st.lists(st.integers(-1, 5)))
def test_every_ballot_counts_once_or_not_at_all(choices: list[int]):
    counts = votes.tally(choices, 3)

    assert sum(counts) == sum(1 <= choice <= 3 for choice in choices)
    assert sorted(votes.ranked(counts)) == [1, 2, 3]


def test_bars_are_as_long_as_the_counts_are_beside_the_highest():
    assert [len(votes.bar(count, 8)) for count in (8, 4, 1, 0)] == [8, 4, 1, 0]
    assert votes.bar(1, 500) == "▇"
