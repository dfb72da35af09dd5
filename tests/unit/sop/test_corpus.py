"""The lines the model of adverts is made from, and that the shipped one was made from them."""

from pathlib import Path

from benchmarks.corpus import Line, digest, lines
from sop.detectors import wording

CORPUS: list[Line] = lines()


def test_there_are_enough_lines_of_many_kinds() -> None:
    adverts = [line for line in CORPUS if line.is_advert]
    ordinary = [line for line in CORPUS if not line.is_advert]

    assert len(adverts) >= 1_500
    assert len(ordinary) >= 3_000
    assert len({line.family for line in adverts}) >= 40
    assert len({line.family for line in ordinary}) >= 40


def test_every_brace_is_filled_in() -> None:
    assert not [line.text for line in CORPUS if "{" in line.text]


def test_no_line_is_one_of_the_sealed() -> None:
    sealed = Path(__file__).parents[2] / "sealed"
    kept = {line for file in sealed.glob("*.txt") for line in file.read_text("utf-8").splitlines()}

    assert kept.isdisjoint({line.text for line in CORPUS if len(line.text) > 8})


def test_the_shipped_model_was_made_from_these_lines() -> None:
    assert wording.packaged().source == digest()
