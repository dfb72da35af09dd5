"""A day of an invented group: who greets, talks, asks, shares, joins, leaves and gets too loud."""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Final

from bot.rehearsal import chores
from bot.rehearsal.cast import Player
from bot.rehearsal.scene import GROUP, MINUTE, SECOND, Scene, happens, later, often

HOURS: Final = (0, 0, 0, 0, 0, 0, 1, 4, 7, 4, 3, 4, 8, 5, 2, 2, 2, 3, 4, 6, 9, 10, 5, 1)
"""How much is said in each hour of a working day: mornings, lunch, and most of it at night."""

HOLIDAY_HOURS: Final = (1, 0, 0, 0, 0, 0, 0, 1, 3, 6, 8, 7, 5, 4, 5, 6, 6, 5, 4, 6, 8, 9, 7, 3)
"""The same for a day off: later, and spread over the afternoon."""

DAY_OFF: Final = 1.2
"""How much more is said on a day off."""

OFFICE: Final = ((10, 5), (15, 30), (20, 40))
"""When owner and staff look through their tasks (hour, minute)."""

MORNING_ENDS: Final = 10
"""The hour from which on nobody says good morning any more."""

LEAVING: Final = 0.0015
"""How likely one who hardly takes part leaves on a given day."""


def plan(scene: Scene, day: date, number: int) -> None:
    """Plan the lines of a local day, the `number`th of the group counted from 0."""
    chance = scene.chance("day", number)
    _welcome_newcomers(scene, chance, day, number)
    for player in list(scene.present.values()):
        _live(scene, chance, day, player, number)
    for hour, minute in OFFICE:
        at = scene.instant(day, hour * 3_600 + minute * 60) + later(chance, 0, 10)
        scene.add(at, chores.office(scene, at))


def moment(scene: Scene, chance: Random, day: date) -> int:
    """Choose when somebody says something on that day."""
    off = not scene.book.calendar.is_workday(day)
    hour = chance.choices(range(24), HOLIDAY_HOURS if off else HOURS)[0]
    return scene.instant(day, hour * 3_600 + chance.randrange(3_600))


def arrive(scene: Scene, chance: Random, at: int, player: Player) -> None:
    """Plan what a newcomer does first: most introduce themselves, some claim what is given."""
    chores.may_pay(scene, chance, at + later(chance, 10, 240), player)
    if player.temper == "advertiser":
        chores.advertise(scene, chance, at + later(chance, 20, 180), player)
        return
    if happens(chance, max(0.2, player.habit.eager)):
        words = scene.phrases.say(chance, "introductions", name=player.name)
        scene.say(at + later(chance, 2, 90), player, words, mentions=scene.mention(chance))
    if happens(chance, 0.35):
        scene.whisper(at + later(chance, 5, 200), player, scene.word("claim"))


def _welcome_newcomers(scene: Scene, chance: Random, day: date, number: int) -> None:
    for player in scene.cast:
        if player.joins == number:
            at = scene.instant(day, chance.randrange(9 * 3_600, 22 * 3_600))
            by = ""
            if scene.present and happens(chance, 0.4):
                by = chance.choice(list(scene.present))
            joined = {
                "event": "member.joined", "group": GROUP, "member": player.userid,
                "name": player.name, "by": by,
            }  # fmt: skip
            scene.add(at, {name: value for name, value in joined.items() if value})
            arrive(scene, chance, at, player)


def _live(scene: Scene, chance: Random, day: date, player: Player, number: int) -> None:
    """Plan one person's own day; what others begin they hear of when it happens."""
    eccentric = _ECCENTRIC.get(player.temper)
    if eccentric is not None:
        eccentric(scene, chance, day, player)
    if player.temper in ("lurker", "casual") and happens(chance, LEAVING):
        left = {"event": "member.left", "group": GROUP, "member": player.userid}
        scene.add(moment(scene, chance, day), left)
        return
    if happens(chance, player.habit.checkins):
        _check_in(scene, chance, day, player)
    off = not scene.book.calendar.is_workday(day)
    # A group is loudest when it is new.
    fresh = 1.0 + 0.8 / (1 + number)
    for _ in range(often(chance, player.habit.messages * fresh * (DAY_OFF if off else 1.0))):
        _speak(scene, chance, moment(scene, chance, day), player)


def _check_in(scene: Scene, chance: Random, day: date, player: Player) -> None:
    words = f"{scene.word('checkin')} {scene.phrases.say(chance, 'checkins')}"
    at = scene.instant(day, chance.randrange(6 * 3_600 + 1_800, 22 * 3_600))
    scene.say(at, player, words, mentions=scene.mention(chance))


def _speak(scene: Scene, chance: Random, at: int, player: Player) -> None:
    shares = _MORNING if scene.local(at).hour < MORNING_ENDS else _DAY
    chosen = chance.choices(list(shares), list(shares.values()))[0]
    chosen(scene, chance, at, player)


def _greet(scene: Scene, chance: Random, at: int, player: Player) -> None:
    scene.say(at, player, scene.phrases.say(chance, "greetings"))


def _chat(scene: Scene, chance: Random, at: int, player: Player) -> None:
    """Begin to talk of something; a few others join in."""
    topic = scene.phrases.topic(chance)
    opening = scene.say(at, player, scene.phrases.say(chance, "openers", topic=topic))
    group = scene.home_of(player.userid)
    for other in scene.some(chance, often(chance, 1.1), player.userid, group=group):
        at += chance.randrange(15, 300) * SECOND
        words = scene.phrases.say(chance, "replies", topic=topic)
        scene.say(at, other, words, quote=opening if happens(chance, 0.25) else "")


def _ask(scene: Scene, chance: Random, at: int, player: Player) -> None:
    """Ask by command or just so; somebody may answer, and be thanked or accepted."""
    topic = scene.phrases.topic(chance)
    asked = scene.phrases.say(chance, "questions", topic=topic)
    formal = happens(chance, 0.6)
    words = f"{scene.word('ask')} {asked}" if formal else asked
    question = scene.say(at, player, words, mentions=scene.mention(chance) if formal else [])
    chores.answer(scene, chance, at, player, question, topic=topic, formal=formal)


def _command(scene: Scene, chance: Random, at: int, player: Player) -> None:
    name = chance.choice(("points", "ranking", "help", "growth", "claim", "charter", "ledger"))
    if happens(chance, 0.4):
        scene.whisper(at, player, scene.word(name))
    else:
        scene.say(at, player, scene.word(name), mentions=["bot"])


Doing = Callable[[Scene, Random, int, Player], None]
_MORNING: Final[Mapping[Doing, float]] = {_greet: 5, _chat: 4, _ask: 0.5, _command: 0.5}
_DAY: Final[Mapping[Doing, float]] = {_greet: 0.1, _chat: 7, _ask: 1.2, _command: 0.8}
"""What somebody does who opens the group, by how often."""


def _star(scene: Scene, chance: Random, day: date, player: Player) -> None:
    """Share something good, every other day or so; others thank for it."""
    if not happens(chance, 0.45):
        return
    topic = scene.phrases.topic(chance)
    at = moment(scene, chance, day)
    words = f"{scene.word('share')} {scene.phrases.say(chance, 'shares', topic=topic)}"
    shared = scene.say(at, player, words)
    group = scene.home_of(player.userid)
    for other in scene.some(chance, often(chance, 2.0), player.userid, group=group):
        at += later(chance, 1, 20)
        area = "thanks" if happens(chance, 0.6) else "replies"
        scene.say(at, other, scene.phrases.say(chance, area, topic=topic), quote=shared)


def _flooder(scene: Scene, chance: Random, day: date, player: Player) -> None:
    """Now and then type faster than anybody reads, or say the same again and again."""
    if happens(chance, 0.35):
        at = moment(scene, chance, day)
        for _ in range(chance.randrange(6, 10)):
            at += chance.randrange(1, 4) * SECOND
            scene.say(at, player, scene.phrases.say(chance, "floods"))
    if happens(chance, 0.2):
        at, words = moment(scene, chance, day), scene.phrases.say(chance, "repeats")
        for _ in range(4):
            scene.say(at, player, words)
            at += MINUTE


def _advertiser(scene: Scene, chance: Random, day: date, player: Player) -> None:
    if happens(chance, 0.6):
        chores.advertise(scene, chance, moment(scene, chance, day), player)


_ECCENTRIC: Final[Mapping[str, Callable[[Scene, Random, date, Player], None]]] = {
    "star": _star,
    "flooder": _flooder,
    "advertiser": _advertiser,
}
"""What only people of a temper do."""
