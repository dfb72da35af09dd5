"""What channels can do, and which one carries a wish."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import channels
from sop.actions import DELIVERED

bundles = st.dictionaries(
    st.sampled_from([*channels.CAPABILITIES, "a channel of another version"]), st.text(min_size=1)
)


@given(bundles, st.sampled_from(sorted(channels.NEEDS)), st.sets(st.text()))
def test_a_way_is_one_of_the_groups_channels_and_can_do_it(
    bundle: Mapping[str, str], do: str, wishes: set[str]
):
    way = channels.way_for(do, bundle, wishes=wishes)

    able = channels.can({k: v for k, v in bundle.items() if k in channels.PREFERRED},
                        channels.NEEDS[do])  # fmt: skip
    assert (way is not None) == able
    if way is not None:
        assert way.chat == bundle[way.channel]
        assert channels.NEEDS[do] in channels.CAPABILITIES[way.channel]


def test_every_channel_that_can_do_something_may_be_chosen_for_it():
    for kind, able in channels.CAPABILITIES.items():
        if able & set(channels.NEEDS.values()):
            assert kind in channels.PREFERRED


def test_who_is_told_of_joins_can_ask_who_is_there():
    for able in channels.CAPABILITIES.values():
        assert ("roster_events" in able) == ("roster" in able)


def test_every_delivered_action_but_an_answer_names_what_it_needs():
    assert channels.NEEDS.keys() == DELIVERED - {"reply"}


def test_every_channel_is_on_one_side_or_on_both():
    sided = channels.INTERNAL | channels.EXTERNAL

    assert channels.CAPABILITIES.keys() - sided == {"archive"}
    assert not channels.INTERNAL & channels.EXTERNAL


@pytest.mark.parametrize(
    ("bundle", "do", "wishes", "chosen"),
    [
        pytest.param({"webhook": "w", "appchat": "a"}, "post", (), "appchat", id="by order"),
        pytest.param({"link": "l", "webhook": "w"}, "post", ("mention",), "webhook", id="by wish"),
        pytest.param(
            {"webhook": "w", "appchat": "a"}, "post", ("files",), "appchat", id="who sends files"
        ),
        pytest.param(
            {"link": "l", "webhook": "w"}, "post", ("files",), "webhook", id="nobody grants it"
        ),
        pytest.param({"app": "", "appchat": "a"}, "dm", (), "app", id="only the app is private"),
        pytest.param({"aibot": "b"}, "post", (), None, id="an AI bot by callback never begins"),
        pytest.param({"customer": "c", "archive": "c"}, "post", (), None, id="a customer group"),
        pytest.param({"webhook": "w"}, "remove", (), None, id="a webhook removes nobody"),
        pytest.param({}, "post", (), None, id="no channel at all"),
    ],
)  # fmt: skip
def test_the_channel_that_grants_most_is_taken(
    bundle: Mapping[str, str], do: str, wishes: tuple[str, ...], chosen: str | None
):
    way = channels.way_for(do, bundle, wishes=wishes)

    assert (way.channel if way else None) == chosen


@pytest.mark.parametrize(
    ("bundle", "all_heard", "members_known"),
    [
        ({"aibot": "b"}, False, False),
        ({"appchat": "a", "aibot": "b"}, False, True),
        ({"customer": "c"}, False, True),
        ({"customer": "c", "archive": "c"}, True, True),
        ({"sandbox": "s"}, True, True),
        ({}, False, False),
    ],
)
def test_only_an_archive_or_the_sandbox_hears_everything(
    bundle: Mapping[str, str], *, all_heard: bool, members_known: bool
):
    assert channels.hears_all(bundle) == all_heard
    assert channels.knows_members(bundle) == members_known
