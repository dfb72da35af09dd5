"""What is sealed opens with the key it was sealed with, and with no other."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vault import FILE, Unreadable, Vault
from sop.activities import codes

NOWHERE = Path("/nonexistent")


def vault(secret: str = "first secret", path: Path = NOWHERE / FILE) -> Vault:
    return Vault(secret, path)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_what_is_sealed_opens_again_and_tells_nothing_meanwhile(code: str):
    sealed = vault().seal(code)

    assert vault().open(sealed) == code
    assert len(code) < 4 or code not in sealed
    assert vault().seal(code) != sealed
    assert [each[1] for each in codes.sealed_in(codes.in_text(sealed))] == [sealed]


def test_the_same_code_has_the_same_mark_and_another_community_another():
    (mark,) = vault().marks("club", "A-1")

    assert vault().marks("club", "A-1") == (mark,)
    assert vault().marks("other", "A-1") != (mark,)
    assert vault("second").marks("club", "A-1") != (mark,)
    assert "A-1" not in mark


def test_a_former_secret_in_the_key_file_opens_what_it_sealed(tmp_path: Path):
    path = tmp_path / FILE
    sealed = vault("old").seal("A-1")
    after = vault("new", path)
    assert sealed.partition(".")[0] not in after.locks()

    path.write_text("old\n")

    assert sealed.partition(".")[0] in after.locks()
    assert after.open(sealed) == "A-1"
    assert after.seal("A-2").partition(".")[0] not in vault("old").locks()
    assert set(vault("old").marks("club", "A-1")) <= set(after.marks("club", "A-1"))


def test_without_a_secret_a_key_file_is_made_for_its_owner_alone(tmp_path: Path):
    path = tmp_path / "data" / FILE
    sealed = vault("", path).seal("A-1")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert vault("", path).open(sealed) == "A-1"
    assert [each.name for each in path.parent.iterdir()] == [FILE]


def test_an_empty_key_file_is_an_error_and_no_key(tmp_path: Path):
    path = tmp_path / FILE
    path.write_text("\n")

    with pytest.raises(OSError, match="holds no key"):
        vault("", path).seal("A-1")


@pytest.mark.parametrize("damage", ["", "x", ".", "abc.def", "\u00e4.\u00e4"])
def test_what_is_no_seal_or_was_altered_is_refused(damage: str):
    with pytest.raises(Unreadable):
        vault().open(damage)
    name, _, body = vault().seal("A-1").partition(".")
    with pytest.raises(Unreadable):
        vault().open(f"{name}.{'A' * len(body)}")


def test_codes_are_opened_where_they_stand_in_a_text():
    one, two = (codes.in_text(vault().seal(code)) for code in ("A-1", "B 2"))

    assert vault().opened(f"这是 {one}，还有{two}。") == "这是 A-1，还有B 2。"
    assert vault().opened("没有码") == "没有码"


def test_what_cannot_be_opened_becomes_a_word_that_says_whom_to_ask(
    caplog: pytest.LogCaptureFixture,
):
    sealed = codes.in_text(vault("lost").seal("A-1"))

    words = vault().opened(f"这是 {sealed}")

    assert "管理员" in words
    assert "\u27e6" not in words
    assert "cannot be opened" in caplog.text


@given(st.text(alphabet="\u27e6\u27e7ab.", max_size=40))
def test_no_text_breaks_the_opening(words: str):
    assert isinstance(vault().opened(words), str)


def test_a_secret_stays_out_of_what_is_printed():
    assert "first secret" not in repr(vault()._keys)
