"""An event kept as text is the same event when it is read again, whatever people wrote."""

from dataclasses import replace
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.envelope import KINDS, freeze, thaw
from sop import events
from sop.model import Group
from tests.builders import group, message

HOSTILE = (
    "", "群规 👍🏽", '"}],{"event":"StepDue"', "\x00\x1f\u2028\u202e", "\ud800", "a\udfff哈",
    "\\ud800", "{{ member }}", "\r\n", "9" * 400,
)  # fmt: skip

texts = st.one_of(st.text(st.characters(exclude_categories=())), st.sampled_from(HOSTILE))
instants = st.integers(0, 1 << 53)

routes = st.builds(
    events.ReplyRoute, waiting=st.booleans(), response_url=texts, req_id=texts, webhook_url=texts
)
groups = st.builds(
    Group,
    community=texts,
    id=texts,
    title=texts,
    staff=st.lists(texts, max_size=2).map(tuple),
    channels=st.dictionaries(texts, texts, max_size=2),
    override=st.fixed_dictionaries(
        {}, optional={"quiet": st.tuples(instants, instants), "skip": st.just((("a", "b"),))}
    ),
    threads=st.lists(st.tuples(instants, texts), max_size=2).map(tuple),
    paused=st.booleans(),
)

arrivals = st.builds(events.Arrival, at=instants, by=texts, scene=texts)

BY_NAME: dict[str, Any] = {
    "route": routes,
    "groups": st.lists(groups, max_size=2).map(tuple),
    "arrivals": st.dictionaries(texts, arrivals, max_size=2),
}
BY_TYPE: dict[Any, Any] = {str: texts, int: instants, bool: st.booleans()}


def _field(name: str, hint: Any) -> Any:
    if name in BY_NAME:
        return BY_NAME[name]
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    if str(hint).startswith("tuple[str"):
        return st.lists(texts, max_size=3).map(tuple)
    return st.dictionaries(texts, texts, max_size=3)


def _events(kind: type[events.Event]) -> Any:
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: _field(name, hint) for name, hint in hints.items()})


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=25)
def test_every_kind_of_event_comes_back_as_it_was(kind: type[events.Event], data: st.DataObject):
    event = data.draw(_events(kind))

    kept = freeze(event)

    assert event == thaw(kept)
    kept.encode()  # what cannot be encoded could not be stored


def test_what_people_wrote_stays_readable_for_those_who_look_at_dead_events():
    assert "加微信领红包" in freeze(message("加微信领红包"))


def test_a_field_that_a_newer_version_had_is_left_out():
    kept = freeze(message("早")).replace('"fields": {', '"fields": {"mood": "good", ')

    assert message("早") == thaw(kept)


def test_a_field_that_an_older_version_lacked_has_its_default():
    kept = freeze(replace(message("早"), quote="x")).replace('"quote": "x", ', "")

    assert message("早") == thaw(kept)


@pytest.mark.parametrize(
    "text",
    [
        "", "<xml/>", "null", "5", '"x"', "[]", "{}", "[" * 100_000, '{"event": []}',
        '{"event": "Nothing", "fields": {}}', '{"event": "MessageReceived"}',
        '{"event": "MessageReceived", "fields": {}}', '{"event": "MessageReceived", "fields": 5}',
        freeze(message()).replace('"waiting"', '"flying"'),
        freeze(message()).replace("{", "[", 1),
        freeze(events.PackEnforced(key="k", community="c", at=1, version="v", groups=(group(),)))
        .replace('"paused"', '"gone"'),
    ],
)  # fmt: skip
def test_what_is_no_event_says_so_in_one_way(text: str):
    with pytest.raises(ValueError, match=r"^(not an event|Expecting|Invalid)"):
        thaw(text)
