"""What check tells of the groups a pack is bound to: what they cannot hear, and cannot do."""

from datetime import date
from typing import Any, Literal

from sop.bindings.bindings import Binding
from sop.checks.loader import load_pack
from sop.problems import Problem

HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"
MENTIONS = {"aibot": "x", "appchat": "y", "app": ""}


def group(
    channels: dict[str, str],
    group_id: str = "alpha",
    kind: Literal["core", "regular"] = "regular",
    **more: Any,
) -> Binding:
    return Binding(id=group_id, title="A", kind=kind, channels=channels, **more)


def told(text: str, *groups: Binding) -> list[Problem]:
    return list(load_pack((HEAD + text).encode(), "p.yaml", groups=groups)[1])


def said(text: str, *groups: Binding) -> dict[str, str]:
    """What is said, by path; where it is said of one path twice, the last."""
    found = told(text, *groups)
    assert all(problem.severity == "warning" for problem in found)
    return {problem.path: problem.message for problem in found}


HEARING = (
    "layers: {core: {enter: {active_days: '>= 8 in 30d'}, leave: {score: '< 80'}}}\n"
    "rules: {checks: [{id: burst, detect: flood, messages: 3, within: 30s}]}\n"
    "score: {earn: {message: {points: 1, cap: 5/day, min_chars: 2, distinct: 3}}}\n"
    "segments: {lurker: {last_seen: '> 14d'}, both: {segment: lurker, paid: true}}\n"
    "steps:\n"
    "  - {id: wake, when: {silence: 24h}, do: [{post: x}]}\n"
    "  - {id: nudge, when: member.joined + 1d, unless: {introduced: true}, do: [{dm: x}]}\n"
    "  - {id: thank, when: member.joined, if: {introduced: true}, do: [{dm: x}]}\n"
    "  - {id: inside, in: core, when: {inactive: 14d}, do: [{dm: x}]}\n"
    "  - {id: asked, when: {says: [a]}, do: [{dm: x}]}\n"
    "  - {id: either, when: member.joined, if: {any: [{paid: true}, {last_seen: '> 1d'}]},"
    " do: [{dm: x}]}\n"
    "  - {id: away, when: 08:00 daily, each: {segment: both}, do: [{dm: x}]}\n"
    "  - {id: chain, when: 20:00 sun, do: [{game: idiom-chain}]}\n"
)
CORE = group({"appchat": "z", "app": "", "archive": "q"}, "core", "core")


def test_what_a_mention_only_group_cannot_hear_is_told_at_its_place():
    found = said(HEARING, CORE, group(MENTIONS))

    assert found == {
        "layers.core.enter.active_days": (
            'active_days is unknown of who is only in group "alpha": its channels hear mentions'
            " only"
        ),
        "rules.checks[0]": (
            'rule "burst" can never fire in group "alpha": its channels hear mentions only'
        ),
        "score.earn.message": (
            'in group "alpha" this pays for talking to the bot: its channels hear mentions only'
        ),
        "steps[0].when": (
            'silence is unknown in group "alpha", so this never runs: its channels hear mentions'
            " only"
        ),
        "steps[1].unless": (
            'introduced is unknown in group "alpha", so this never runs: its channels hear'
            " mentions only"
        ),
        "steps[4].when": (
            'in group "alpha" this hears only what reaches the bot: its channels hear mentions'
            " only"
        ),
        "steps[5].if.any[1].last_seen": (
            'last_seen is unknown in group "alpha", so this never holds: its channels hear'
            " mentions only"
        ),
        "steps[6].each.segment": (
            'last_seen of segment "lurker" of segment "both" is unknown in group "alpha", so'
            " nobody is of this segment: its channels hear mentions only"
        ),
        "steps[7].do[0].game": (
            'in group "alpha" a move is heard only if it mentions the bot: its channels hear'
            " mentions only"
        ),
    }


def test_what_is_true_of_several_groups_is_told_once_with_their_names():
    found = told(HEARING, CORE, group(MENTIONS), group(MENTIONS, "beta"), group(MENTIONS, "gamma"))

    assert len([each for each in found if each.path == "rules.checks[0]"]) == 1
    assert 'in groups "alpha", "beta" and "gamma"' in said(HEARING, CORE, *[
        group(MENTIONS, name) for name in ("alpha", "beta", "gamma")
    ])["rules.checks[0]"]  # fmt: skip


def test_a_group_that_hears_and_can_do_everything_gets_no_warning():
    assert told(HEARING, CORE, group({"appchat": "x", "app": "", "archive": "x"})) == []


def test_a_group_that_hears_nothing_is_told_so():
    rules = "rules: {checks: [{id: ads, detect: ads}]}\n"
    earn = "score: {earn: {message: {points: 1}}}\n"
    steps = "steps:\n  - {id: q, when: 20:00 wed, do: [{questions: {title: T}}]}\n"
    steps += "  - {id: s, when: {says: [a]}, do: [{post: x}]}\n"

    found = said(rules + earn + steps, group({"webhook": "k"}))
    assert list(found) == [
        "rules.checks[0]", "score.earn.message", "steps[0].do[0].questions", "steps[1].when",
    ]  # fmt: skip
    assert all("hear no messages" in message for message in found.values())


def test_what_a_customer_group_leaves_to_people_is_told():
    text = (
        "rules: {checks: [{id: ads, detect: ads}], ladder: [remind-privately, remove]}\n"
        "steps:\n"
        + "".join(f"  - {{id: s{n}, when: 0{n}:30 mon, do: [{{post: x}}]}}\n" for n in range(6))
        + "  - {id: hello, when: group.created, do: [{dm: x}]}\n"
    ).replace("do: [{dm: x}]", "do: [{task: {text: x}}]")

    found = said(text, group({"archive": "x"}))
    assert found == {
        "rules.ladder[0]": (
            'remind-privately becomes a task in group "alpha": its channels cannot write to'
            " members first"
        ),
        "rules.ladder[1]": (
            'remove becomes a task in group "alpha": its channels cannot remove members'
        ),
        "steps[0].do": (
            'what s0, s1, s2, s3 and 2 more post: a task for people in group "alpha": its'
            " channels cannot speak first"
        ),
    }


def test_private_messages_without_a_way_are_told_once():
    text = (
        "steps:\n"
        "  - {id: a, when: member.joined, do: [{dm: x}]}\n"
        "  - {id: b, when: member.joined + 1d, do: [{dm: x}]}\n"
    )

    assert said(text, group({"appchat": "x", "archive": "y"})) == {
        "steps[0].do": (
            'the private messages of a, b: a task for people in group "alpha": its channels'
            " cannot write to members first"
        )
    }


def test_a_mention_or_picture_that_no_channel_carries_is_told():
    text = "steps:\n  - {id: a, when: 08:00 mon, do: [{post: x, mention: all, image: a.png}]}\n"

    assert list(said(text, group({"link": "x"}))) == [
        "steps[0].do[0].mention", "steps[0].do[0].image",
    ]  # fmt: skip
    assert said(text, group({"webhook": "x"})) == {}


def test_joins_that_nobody_reports_are_a_warning():
    text = "steps:\n  - {id: a, when: member.joined, do: [{post: x}]}\n"

    assert "never fires" in said(text, group({"webhook": "k"}))["steps[0].when"]


def test_a_training_camp_without_a_start_is_a_warning():
    text = "steps:\n  - {id: a, when: start - 1d at 20:00, do: [{post: x}]}\n"

    assert "no starts" in said(text, group({"webhook": "k"}))["steps[0].when"]
    started = group({"webhook": "k"}, starts=date(2026, 12, 1))
    assert said(text, started) == {}


def test_a_core_that_is_bound_nowhere_is_told():
    text = (
        "layers: {core: {enter: {paid: true}}}\n"
        "steps:\n  - {id: a, when: 08:00 mon, in: core, do: [{post: x}]}\n"
    )

    found = said(text, group({"appchat": "x", "app": "", "archive": "y"}))
    assert list(found) == ["layers.core", "steps[0].in"]


def test_moves_that_a_channel_cannot_make_are_tasks():
    text = "layers: {core: {enter: {paid: true}}}\nsteps: []\n"
    deaf = group({"webhook": "x"}, "core", "core")

    assert "is a task in group" in said(text, deaf)["layers.core"]
    assert (
        said(text.replace("true}}", "true}, keep_regular: true}"), CORE, group({"link": "x"}))
        == {}
    )


def test_invitations_wait_for_staff_where_no_joining_is_known():
    text = "score: {earn: {invite: {points: 8, cap: 5/week}}}\nsteps: []\n"
    assert "waits for staff" in said(text, group({"aibot": "b"}))["score.earn.invite"]
    assert said(text, group({"appchat": "a"})) == {}


POLICY = (
    "rules:\n"
    "  raid: {joins: 4, within: 10m, for: 1h}\n"
    "  checks:\n"
    "    - {id: twice, detect: copies, groups: 2, within: 1h}\n"
    "    - {id: night, detect: hours, between: '08:00-22:00'}\n"
    "    - {id: tongue, detect: language, allow: [zh]}\n"
    "    - {id: stocks, detect: topic, words: [炒股], per_day: 2}\n"
    "steps: []\n"
)


def test_rules_that_see_mentions_only_are_told_once_for_a_group():
    found = told(POLICY, group(MENTIONS), group(MENTIONS, "beta"))

    assert [each.message for each in found if each.path == "rules.checks"] == [
        (
            'in groups "alpha" and "beta" messages that do not mention the bot pass these rules'
            ' unseen: "twice", "night", "tongue", "stocks"'
        )
    ]


def test_a_crowd_that_no_channel_sees_coming_is_for_staff_to_tell():
    found = told(POLICY, group({"aibot": "x"}))

    assert [each.message for each in found if each.path == "rules.raid"] == [
        'in group "alpha" nobody\'s joining is known: staff must say when a crowd comes in'
    ]
    assert "rules.raid" not in said(POLICY, group(MENTIONS))


def test_a_group_that_hears_all_and_sees_joins_is_told_nothing_of_its_policy():
    assert "rules" not in "".join(said(POLICY, CORE))


def test_the_address_of_a_group_that_is_not_bound_is_told():
    links = (
        "steps: []\nlinks: {join: 'https://a.cn', join-core: 'https://a.cn/c', "
        "join-cor: 'https://a.cn/d'}\n"
    )

    assert said(links, CORE) == {"links.join-cor": 'no group "cor" is bound to this pack'}
    assert said(links) == {}


def test_a_game_whose_items_have_pictures_no_channel_carries_is_told():
    text = (
        "library: {seen: [{ask: 看图, answer: 猫, image: cat.png}]}\n"
        "steps: [{id: a, when: 20:00 sun, do: [{game: riddle, pool: seen}]}]\n"
    )
    unseen = group({"link": "x", "aibot": "x"})
    where = "steps[0].do[0].game"

    assert "with a picture are not asked" in said(text, unseen)[where]
    assert where not in said(text, group({"aibot": "x", "webhook": "w", "app": ""}))
