import pytest

from sop.detectors.wording import Wording, bare, packaged, read, windows, write


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
    score, piece = model.score(f" {'乙' * 60}{'甲' * 30} ")

    assert score > 0
    assert set(piece) == {"甲"}


@pytest.mark.parametrize("length", [1, 30, 40, 41, 55, 400])
def test_windows_reach_every_character(length: int) -> None:
    spans = [*windows("字" * length)]

    assert spans[0] == (0, length)
    assert {at for start, end in spans[1:] or spans for at in range(start, end)} == {
        *range(length)
    }


def test_what_stands_behind_a_pause_is_a_window_of_its_own() -> None:
    words = f" {'前' * 12} {'后' * 12} "

    assert words[slice(*[*windows(words)][2])] == f" {'后' * 12} "


def test_the_shipped_model_tells_an_advert_from_talk() -> None:
    model = packaged()

    assert model.score(bare("诚招代理,一件代发,厂家直销"))[0] > 0
    assert model.score(bare("今天读到第三章,作者的童年很有意思"))[0] < 0
    assert model.score("  ") == (0.0, "")
