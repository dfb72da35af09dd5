"""What a text is found by."""

from hypothesis import given
from hypothesis import strategies as st

from sop.finding.ngrams import MOST, terms


def test_han_characters_give_pairs_and_single_characters() -> None:
    assert terms("怎么报名") == ("怎么", "么报", "报名", "怎", "么", "报", "名")


def test_letters_and_digits_stay_whole_words() -> None:
    assert terms("WiFi密码2024！") == ("wifi", "密码", "密", "码", "2024")


def test_a_word_of_two_is_among_the_terms_of_what_holds_it() -> None:
    assert set(terms("退款")) <= set(terms("我想问退款多久到账"))


def test_traditional_and_wide_writing_is_found_as_the_plain() -> None:
    assert terms("報名ＡＢ") == terms("报名ab")


@given(st.text(max_size=300))
def test_every_text_gives_bounded_terms_without_blanks(text: str) -> None:
    found = terms(text)

    assert len(found) == len(set(found)) <= MOST
    assert all(term and not any(map(str.isspace, term)) and '"' not in term for term in found)
