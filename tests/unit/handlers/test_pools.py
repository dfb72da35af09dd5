"""Laws of pools: nothing twice before everything once, whatever is added, moved or taken away."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.pools import pools
from handlers.pools.pools import Need
from sop.model import Group
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, Life, life

GROUPS = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]


def pack(items: list[tuple[str, str]], options: str = "") -> str:
    listed = ", ".join(f"{{text: {text}, tags: [{tag}]}}" for text, tag in items)
    return f"library: {{it: {{items: [{listed}]{options}}}}}\n"


def took(club: Life, group: str, tag: str = "") -> str | None:
    with club.acting(group_id=group) as context:
        found = context.store.get(Group, context.community, group)
        assert found is not None
        item = pools.take(context, found, Need(("it",), tag))
        return None if item is None else str(item.text)


items = st.lists(
    st.tuples(st.sampled_from([f"t{number}" for number in range(9)]), st.sampled_from("xy")),
    unique_by=lambda item: item[0], max_size=9,
)  # fmt: skip
moves = st.lists(
    st.tuples(st.sampled_from([GROUP, "g2"]), st.sampled_from(["", "x", "y"]), items | st.none()),
    max_size=25,
)


@given(items, moves)
@settings(max_examples=10, deadline=None)
def test_nothing_comes_twice_in_a_group_and_nothing_is_left_out(
    first: list[tuple[str, str]], told: list[tuple[str, str, list[tuple[str, str]] | None]]
):
    with life(pack(first), groups=GROUPS) as club:
        now, had = dict(first), {GROUP: set(), "g2": set()}
        for group, tag, edited in told:
            if edited is not None:
                # An item keeps its tag: with another one it says something else.
                now = {text: now.get(text, kind) for text, kind in edited}
                club.book = builders.book(builders.HEAD + pack(list(now.items())))
            fitting = [text for text, kind in now.items() if not tag or kind == tag]
            free = [text for text in fitting if (text, now[text]) not in had[group]]
            found = took(club, group, tag)

            assert found == (free[0] if free else None)
            if found is not None:
                had[group].add((found, now[found]))


@given(items.filter(len), st.lists(st.tuples(st.sampled_from([GROUP, "g2"]), st.booleans())))
@settings(max_examples=10, deadline=None)
def test_a_community_has_one_item_a_day_and_goes_round(
    given_items: list[tuple[str, str]], told: list[tuple[str, bool]]
):
    with life(pack(given_items, ", scope: community, repeat: true"), groups=GROUPS) as club:
        days: list[str | None] = []
        new = True
        for group, next_day in told:
            if next_day:
                club.now += DAY
                new = True
            found = took(club, group)
            if new:
                days.append(found)
            new = False
            assert found == days[-1]

        order = [text for text, _ in given_items]
        assert days == [order[place % len(order)] for place in range(len(days))]
        assert club.now >= EVENING
