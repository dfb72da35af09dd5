"""Opaque versions: which roster is news, which one is old, and when asking comes to an end."""

from typing import Any

from sop import rosters
from sop.model import RosterVersion


def versions(**fields: Any) -> RosterVersion:
    return RosterVersion(community="club", group="g", **fields)


def told(before: RosterVersion, version: str, after: str = "", at: int = 10) -> rosters.Told:
    return rosters.told(before, version, after, at)


def test_a_hint_of_a_new_version_is_asked_about_and_one_of_a_known_version_is_not():
    assert told(versions(known="a"), "b", "a").ask
    assert not told(versions(known="b"), "b", "a").ask


def test_the_same_hint_asks_once():
    found = told(versions(known="a"), "b", "a")

    assert not told(found.versions, "b", "a").ask


def test_a_change_of_which_no_version_is_told_is_asked_about():
    assert told(versions(known="a"), "") == rosters.Told(versions=versions(known="a"), ask=True)


def test_a_hint_that_follows_the_one_before_or_what_is_known_leaves_no_gap():
    found = told(versions(known="a"), "b", "a")

    assert not found.gap
    assert not told(found.versions, "c", "b", at=11).gap


def test_a_hint_that_follows_something_else_leaves_a_gap():
    assert told(versions(known="a"), "c", "b").gap
    assert told(versions(known="a", told="b"), "d", "c").gap


def test_the_first_hint_of_all_leaves_no_gap():
    assert not told(versions(), "b", "a").gap


def test_a_late_hint_is_no_news_and_the_newest_stays_the_newest():
    newest = told(versions(known="a"), "c", "b", at=20).versions

    for at in (10, 20):
        found = told(newest, "b", "a", at=at)
        assert not found.ask
        assert found.versions == newest


def test_a_version_that_comes_back_is_news_again():
    found = told(versions(known="b", told="b", told_at=10, passed=("a",)), "a", "b", at=12)

    assert found.ask
    assert found.versions.told == "a"
    assert rosters.fetched(found.versions, "a").believed


def test_the_version_that_was_told_of_is_believed_and_ends_the_asking():
    found = rosters.fetched(versions(known="a", told="b", tries=2), "b")

    assert (found.believed, found.again_ms) == (True, 0)
    assert found.versions == versions(known="b", told="b", passed=("a",))


def test_a_version_between_is_believed_and_asked_about_again_and_again_but_not_for_ever():
    now, pauses = versions(known="a", told="z"), []
    for version in "bcdef":
        found = rosters.fetched(now, version)
        assert found.believed
        now = found.versions
        pauses.append(found.again_ms)

    assert pauses == [*rosters.AGAIN_MS, 0, 0]
    assert (now.known, now.told) == ("f", "f")


def test_a_version_that_was_followed_is_not_believed_until_it_stays():
    now, believed = versions(known="b", told="b", passed=("a",)), []
    for _ in range(len(rosters.AGAIN_MS) + 1):
        found = rosters.fetched(now, "a")
        now = found.versions
        believed.append(found.believed)

    assert believed == [False] * len(rosters.AGAIN_MS) + [True]
    assert (now.known, now.told, now.passed) == ("a", "a", ("b",))


def test_a_version_nobody_told_of_is_believed_at_once():
    found = rosters.fetched(versions(known="b", told="b", passed=("a",)), "c")

    assert (found.believed, found.again_ms) == (True, 0)
    assert rosters.fetched(found.versions, "c").again_ms == 0


def test_only_so_many_versions_are_kept():
    now = versions()
    for number in range(40):
        now = told(now, f"v{number}", f"v{number - 1}", at=number).versions
        now = rosters.fetched(now, f"v{number}").versions

    assert now.passed == tuple(f"v{number}" for number in range(39 - rosters.PASSED, 39))
