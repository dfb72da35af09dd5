"""A button that was pressed on a card, as what it stands for."""

from bot.channels.wecom.heard import Heard
from bot.channels.wecom.reading import Fields, Path, at, items, listed, text_at
from sop.frozen import replace


def pressed(
    heard: Heard, body: object, words: tuple[Path, Path], chosen: tuple[Path, str, Path]
) -> Heard:
    """A pressed button is what it stands for, said by who pressed it; with what they chose."""
    said, card = (text_at(body, path).strip() for path in words)
    if not said or not card:
        return replace(heard, kind="ignored")
    options = selected(body, chosen).values()
    listed = [
        each for found in options for each in ((found,) if isinstance(found, str) else found)
    ]
    return replace(
        heard,
        kind="message",
        message_id=heard.message_id or heard.key,
        text=" ".join((said, *listed)),
        mentions_bot=bool(heard.chat_id),
        card=card,
        route=replace(heard.route, waiting=False),
    )


def selected(payload: object, words: tuple[Path, str, Path]) -> Fields:
    """Give what was chosen on a card: question -> the options."""
    chosen_at, question, options = words
    chosen = items(at(payload, chosen_at))
    return {f"selected.{text_at(i, (question,))}": listed(items(at(i, options))) for i in chosen}
