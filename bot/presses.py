"""What becomes of a card on which somebody has pressed a button."""

from collections.abc import Callable
from functools import partial

from bot.card_ids import words_of
from bot.channels.wecom import cards
from bot.channels.wecom.callbacks import Replaced
from bot.channels.wecom.heard import Heard
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from bot.library.library import Library
from sop.texts import text


class Presses:
    """Cards as they stand once they are pressed. `opened` opens what stands sealed in words."""

    def __init__(
        self, library: Library, intake: LocalIntake, opened: Callable[[str], str]
    ) -> None:
        self._library = library
        self._intake = intake
        self._opened = opened

    async def taken(self, heard: Heard) -> Replaced:
        """Say on the card what was pressed; its words stay as long as they are known."""
        look = partial(words_of, card=heard.card, communities=tuple(self._library.shelf.titles))
        words: str = await self._intake.submit(Job(run=look), bounded=False)
        card = cards.pressed(self._opened(words), heard.text, heard.card)
        return Replaced(name=cards.replaced(heard.text), card=card)

    def unplaced(self, heard: Heard) -> Replaced:
        """Say on the card that who pressed it belongs to no group of ours."""
        name = text("cards.unplaced")
        return Replaced(name=name, card=cards.pressed(name, heard.text, heard.card))
