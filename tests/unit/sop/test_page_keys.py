"""Keys of members' own pages: whose they are can be read, and nobody else makes one."""

from hypothesis import given
from hypothesis import strategies as st

from sop.links.page_keys import PageKey, key_of, read_key

PAGE = PageKey("club", 7, 1_795_000_000_000)
SECRET = "s" * 40


@given(
    st.builds(
        PageKey, st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.integers(1, 2**40), st.integers(0, 2**50),
    )
)  # fmt: skip
def test_a_key_says_whose_page_it_opens(page: PageKey) -> None:
    key = key_of(SECRET, page)

    assert read_key(SECRET, key) == page
    assert key.replace("-", "").replace("_", "").replace(".", "").isalnum()


@given(st.text(max_size=500))
def test_no_other_text_is_a_key(key: str) -> None:
    assert read_key(SECRET, key) is None


@given(st.integers(0, len(key_of(SECRET, PAGE)) - 1), st.sampled_from("Aa0_-."))
def test_a_changed_key_opens_nothing_else(at: int, sign: str) -> None:
    key = key_of(SECRET, PAGE)

    # The last sign of each half holds bits that stand for nothing.
    assert read_key(SECRET, key[:at] + sign + key[at + 1 :]) in (None, PAGE)


def test_without_a_secret_or_with_another_none_is_ours() -> None:
    assert read_key("", key_of("", PAGE)) is None
    assert read_key("t" * 40, key_of(SECRET, PAGE)) is None
