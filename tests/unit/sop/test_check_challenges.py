"""What check tells of challenges, and of leaders who may open what is not there."""

from datetime import date

from sop.bindings.bindings import Binding
from sop.checks.loader import load_pack

HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"
TODAY = date(2026, 12, 1)


def told(text: str, *channels: dict[str, str]) -> list[str]:
    groups = [
        Binding(id=f"g{number}", title="A", kind="regular", channels=each)
        for number, each in enumerate(channels)
    ]
    found = load_pack((HEAD + text).encode(), "p.yaml", groups=groups, today=TODAY)[1]
    return [f"{problem.path}: {problem.message}" for problem in found]


def challenge(more: str, when: str = '"2027-01-01 09:00"') -> str:
    return f"steps: [{{id: a, when: {when}, do: [{{challenge: {{{more}}}}}]}}]\n"


def test_a_daily_word_of_another_command_and_a_team_of_one_are_told():
    path = "steps[0].do[0].challenge"
    assert told(challenge("days: 7, daily: 分享, team: 1")) == [
        f'{path}.daily: "分享" is a word of the command share: a day is told by 打卡',
        f"{path}.team: a team of one is none: write 2 or more, or nothing",
    ]
    assert "never understood" in told(challenge(f"days: 7, daily: {'读' * 21}"))[0]
    assert told(challenge("days: 7, daily: 打卡, team: 2")) == []
    assert told(challenge("days: 7, daily: 读书笔记")) == []


def test_a_step_that_comes_again_while_its_challenge_runs_is_told():
    (found,) = told(challenge("days: 30", "10:00 day 1"))
    assert found.startswith("steps[0].when: comes again after 28 days, while the challenge of 30")
    assert told(challenge("days: 28", "10:00 day 1")) == []
    assert told(challenge("days: 8", "10:00 mon")) != []
    assert told(challenge("days: 7", "10:00 mon")) == []
    assert told(challenge("days: 30", "group.created + 1d at 09:00")) == []


def test_rights_of_leaders_to_open_nothing_are_told():
    leaders = "leaders: {may: {challenge: 1/30d, chalenge: 1/1d, ask: 1/1d}}\n"
    assert told(f"{leaders}steps: []\n") == [
        "leaders.may.challenge: no step has a challenge: there is nothing to open",
        'leaders.may.chalenge: "chalenge" is no action that could be opened',
    ]
    assert len(told(leaders + challenge("days: 7"))) == 1


def test_what_a_group_cannot_hear_or_carry_is_told():
    text = challenge("days: 7, certificate: true")
    path = "steps[0].do[0].challenge"
    words = f"{path}.certificate: certificates are words alone in group"
    assert told(text, {"webhook": "w"}) == [
        f'{path}: in group "g0" no day is heard: its channels hear no messages',
        f'{words} "g0": no channel sends members pictures',
    ]
    assert told(text, {"appchat": "a", "app": ""}) == [
        f'{path}: in group "g0" days are said in private only: its channels hear no messages'
    ]
    assert told(text, {"aibot": "b", "webhook": "w", "app": ""}) == []
