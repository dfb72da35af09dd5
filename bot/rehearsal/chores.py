"""What follows from what others do: answers and thanks, adverts and reports, tasks looked at."""

from random import Random
from typing import Final

from bot.rehearsal.cast import Player
from bot.rehearsal.scene import CORE, GROUP, SECOND, Act, Fields, Scene, happens, later
from bot.rehearsal.sources import View
from handlers.staff import consequences
from sop.model import Task

AT_ONCE: Final = 20
"""Tasks that one person closes in one go."""


def answer(
    scene: Scene,
    chance: Random,
    at: int,
    asker: Player,
    question: str,
    *,
    topic: str,
    formal: bool,
) -> None:
    """Plan one answer to a question, most of the time, and what the asker says to it."""
    group = scene.home_of(asker.userid)
    found = scene.some(chance, 1 if happens(chance, 0.75) else 0, asker.userid, group=group)
    for other in found:
        at += later(chance, 2, 40)
        words = scene.phrases.say(chance, "answers", topic=topic)
        told = scene.say(at, other, words, quote=question, mentions=scene.mention(chance))
        at += later(chance, 3, 60)
        if formal and happens(chance, 0.5):
            accepted = {"event": "accept", "group": group, "member": asker.userid, "of": told}
            scene.add(at, accepted)
        else:
            scene.say(at, asker, scene.phrases.say(chance, "thanks"), quote=told)


def advertise(scene: Scene, chance: Random, at: int, player: Player) -> None:
    """Plan an advert in some disguise; where the bot cannot hear it, a member may report it."""
    advert = scene.say(at, player, scene.phrases.say(chance, "adverts"))
    likely = 0.15 if scene.hears_all else 0.5
    for other in scene.some(chance, 1 if happens(chance, likely) else 0, player.userid):
        # Where the bot hears nothing but mentions, it knows nobody who never spoke to it.
        words = scene.word("report") + (f" @{player.name}" if scene.hears_all else "")
        mentions = ["bot", player.userid] if scene.hears_all else ["bot"]
        scene.say(at + later(chance, 2, 20), other, words, quote=advert, mentions=mentions)


def may_pay(scene: Scene, chance: Random, at: int, player: Player) -> None:
    """Let the shop tell, of a few who take part a lot, that they pay."""
    if player.temper in ("regular", "star") and happens(chance, 0.3):
        paid = {"event": "member.paid", "group": GROUP, "member": player.userid, "value": True}
        scene.add(at, paid)


def office(scene: Scene, at: int) -> Act:
    """Return the act of looking through the tasks: most are done at once, a few wait."""
    chance = scene.chance("office", at)

    def look(view: View) -> None:
        now = at
        for task in [*view.open_tasks(GROUP), *view.open_tasks(CORE)][:AT_ONCE]:
            if happens(chance, 0.8):
                now += chance.randrange(20, 120) * SECOND
                scene.add(now, _close(scene, chance, task))

    return look


def _close(scene: Scene, chance: Random, task: Task) -> Fields:
    choice = "done"
    if task.kind in consequences.TABLE:
        choice = "approve" if happens(chance, 0.85) else "reject"
    wanted = "owner" if task.to == "owner" else "staff"
    by = next((each for each in scene.cast if each.temper == wanted), scene.cast[0])
    return {
        "event": choice,
        "group": task.group,
        "task": str(task.id),
        "about": task.about,
        "by": by.userid,
    }
