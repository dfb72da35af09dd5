"""What invented people do because of what the bot does: they answer, welcome, object, or go."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from bot.rehearsal import chores
from bot.rehearsal.scene import MINUTE, Scene, happens, later, often
from sop.pack.pack_actions import AskAction, QuestionsAction
from sop.pack.pack_steps import Step

QUOTED: Final = 20
"""Characters of a post that somebody quotes."""

LATEST_HOUR: Final = 23
EARLIEST_HOUR: Final = 7
"""Between these hours nobody feels asked."""

MOST_ANSWERS: Final = 15
MOST_QUESTIONS: Final = 8


class Reactions:
    """Sees the transcript's lines and plans what people make of them."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._answered: dict[tuple[str, str], str] = {}

    def see(self, line: Mapping[str, Any], at: int) -> None:
        """Plan what follows from a line of that instant."""
        react = _REACTIONS.get(str(line["do"]))
        if react is not None:
            react(self, line, at)

    def _post(self, line: Mapping[str, Any], at: int) -> None:
        step = self._scene.book.step(str(line.get("step", "")))
        chance = self._scene.chance("post", at, line.get("step", ""), line.get("text", ""))
        if step is not None and self._first_today(step, str(line.get("group")), at):
            prompt = _prompt(step)
            if prompt is not None:
                prompt(self._scene, chance, line, at)
                return
        if isinstance(line.get("mention"), list):
            self._welcome(chance, line["mention"], at)

    def _first_today(self, step: Step, group: str, at: int) -> bool:
        """A step may say several things at once; people answer once."""
        if _prompt(step) is None:
            return False
        today = self._scene.local(at).date().isoformat()
        fresh = self._answered.get((group, step.id)) != today
        self._answered[group, step.id] = today
        return fresh

    def _welcome(self, chance: Random, members: list[str], at: int) -> None:
        scene = self._scene
        names = [scene.present[each].name for each in members if each in scene.present]
        for other in scene.some(chance, often(chance, 1.2), *members):
            at += chance.randrange(20, 400) * 1_000
            words = scene.phrases.say(chance, "welcomes", name=names[0] if names else "")
            scene.say(at, other, words)

    def _remove(self, line: Mapping[str, Any], at: int) -> None:
        """Who was taken out is gone, unless it was only to move them."""
        del at
        scene, who = self._scene, str(line.get("member"))
        if scene.home_of(who) == line.get("group"):
            scene.present.pop(who, None)

    def _add(self, line: Mapping[str, Any], at: int) -> None:
        del at
        self._scene.home[str(line.get("member"))] = str(line.get("group"))

    def _dm(self, line: Mapping[str, Any], at: int) -> None:
        """Who was reminded for being loud may object."""
        scene = self._scene
        player = scene.present.get(str(line.get("to")))
        if player is None or not line.get("rule") or player.temper != "flooder":
            return
        chance = scene.chance("appeal", at)
        if happens(chance, 0.5):
            words = f"{scene.word('appeal')} {scene.phrases.say(chance, 'appeals')}"
            scene.whisper(at + later(chance, 5, 120), player, words)


Prompt = Callable[[Scene, Random, Mapping[str, Any], int], None]


def _prompt(step: Step) -> Prompt | None:
    """What a step's post calls for, where it calls for anything."""
    kinds = {type(action) for action in step.do}
    return next((call for kind, call in _PROMPTS.items() if kind in kinds), None)


def _ponder(scene: Scene, chance: Random, line: Mapping[str, Any], at: int) -> None:
    """Answer a question to all, over the next hours; half of them quote it."""
    group = str(line.get("group"))
    eager = sum(player.habit.eager for player in scene.players(group))
    quote = str(line.get("text", "")).split("\n", 1)[0][:QUOTED]
    for other in scene.some(chance, min(often(chance, eager * 0.25), MOST_ANSWERS), group=group):
        when = at + later(chance, 2, 240)
        if EARLIEST_HOUR <= scene.local(when).hour < LATEST_HOUR:
            quoting = quote if happens(chance, 0.5) else ""
            words = scene.phrases.say(chance, "prompted")
            mentions = [] if scene.hears_all else scene.mention(chance)
            scene.say(when, other, words, quote=quoting, mentions=mentions)


def _take_questions(scene: Scene, chance: Random, line: Mapping[str, Any], at: int) -> None:
    """Ask while the slot is open, one after the other."""
    group = str(line.get("group"))
    many = min(often(chance, 2 + len(scene.present) / 40), MOST_QUESTIONS)
    for asker in scene.some(chance, many, group=group):
        at += later(chance, 1, 8)
        topic = scene.phrases.topic(chance)
        words = scene.phrases.say(chance, "questions", topic=topic)
        mentions = [] if scene.hears_all else scene.mention(chance)
        question = scene.say(at, asker, words, mentions=mentions)
        chores.answer(scene, chance, at - MINUTE, asker, question, topic=topic, formal=True)


_PROMPTS: Final[Mapping[type[Any], Prompt]] = {
    QuestionsAction: _take_questions,
    AskAction: _ponder,
}
"""Actions that people answer."""

_REACTIONS: Final[Mapping[str, Callable[[Reactions, Mapping[str, Any], int], None]]] = {
    "post": Reactions._post,  # noqa: SLF001 - the class's own table
    "add": Reactions._add,  # noqa: SLF001
    "remove": Reactions._remove,  # noqa: SLF001
    "dm": Reactions._dm,  # noqa: SLF001
}
