import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.detectors.wording import Wording, bare, packaged, phrased, pieces, read, windows, write


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ("兼职日结,加微信abc12345了解", " 兼职日结 加 了解 "),
        ("电话13812345678", " 电话 "),
        ("一箱45元", " 一箱0元 "),
        ("见 https://a.example.com/b?c 谢谢", " 见 谢谢 "),
        ("!!!", "  "),
    ],
)
def test_whom_to_reach_and_where_is_left_out(plain: str, words: str) -> None:
    assert bare(plain) == words


def test_a_model_is_read_as_it_was_written() -> None:
    model = Wording({"甲": 3, "乙丙": -2, " 丁": 3}, 0.05, -1.5)

    assert read(write(model)) == model


def test_the_best_window_speaks_for_a_long_text() -> None:
    model = Wording({"甲": 10, "乙": -10}, 1.0, 0.0)
    score, piece = model.score(
        phrased(f"{'乙' * 60}甲乙{'丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉' * 2}")
    )

    assert score > model.score(phrased("乙" * 60))[0]
    assert "甲" in piece


@pytest.mark.parametrize("length", [1, 30, 40, 41, 55, 400])
def test_windows_reach_every_character(length: int) -> None:
    spans = [*windows("".join(chr(0x4E00 + at) for at in range(length)))]

    assert spans[0] == (0, length)
    assert {at for start, end in spans[1:] or spans for at in range(start, end)} == {
        *range(length)
    }


def test_what_stands_behind_a_pause_is_a_window_of_its_own() -> None:
    words = f"^{'前' * 12},{'后' * 12}$"

    assert words[slice(*[*windows(words)][2])] == f"{'后' * 12}$"


def test_what_is_said_again_and_again_is_weighed_once_too() -> None:
    once = "甲乙丙丁戊己庚辛壬癸"

    assert phrased(once).rstrip("$") in {
        phrased(once * 3)[slice(*span)] for span in windows(phrased(once * 3))
    }


def test_what_stands_behind_a_pause_begins_there_if_it_is_long_enough() -> None:
    model = Wording({"^后后": 1}, 1.0, 0.0)
    front, said = "前" * 12, "后" * 30

    assert model.score(phrased(f"{front},{said}"))[1] == said
    assert model.score(phrased(f"{front},{said[:12]}"))[0] == 0


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ("兼职日结!!! 加微信:abc12345", "^兼职日结!加微信:$"),
        ("真的吗?!“一箱45元”", '^真的吗?一箱0元"$'),
        ("好的。。", "^好的$"),
        ("", "^$"),
    ],
)
def test_how_a_text_is_pointed_is_kept(plain: str, words: str) -> None:
    assert phrased(plain) == words


def test_a_piece_said_again_at_once_counts_once() -> None:
    words = phrased("买买买")

    assert [*pieces(words)].count("买") == 1
    assert [*pieces(words)].count("买买") == 1
    assert [*pieces("买" + "甲乙丙丁戊己庚辛壬癸" * 4 + "买")].count("买") == 2


def test_two_signs_with_any_between_them_are_a_piece_too() -> None:
    model = Wording({"加_信": 10}, 1.0, 0.0)

    assert {"加_信"} <= {*pieces(phrased("加微信"))}
    assert model.score(phrased("加微信"))[0] == model.score(phrased("加威信"))[0] > 0


@given(st.text("甲乙丙丁,", max_size=80))
def test_a_model_scores_the_pieces_it_was_taught(text: str) -> None:
    words = phrased(text)
    model = Wording(dict.fromkeys(pieces(words), 1), 1.0, 0.0)

    assert sum(model.worth(words)) == len([*pieces(words)])


def test_the_shipped_model_tells_an_advert_from_talk() -> None:
    model = packaged()

    assert model.score(phrased("诚招代理,一件代发,厂家直销"))[0] > 0
    assert model.score(phrased("今天读到第三章,作者的童年很有意思"))[0] < 0
    assert model.score(phrased("")) == (0.0, "")
