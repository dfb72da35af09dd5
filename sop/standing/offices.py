"""What members can apply for, by the words they use: leading, or a duty of volunteers."""

from collections.abc import Iterable

from sop.pack.pack_people import Leaders
from sop.text import normalise
from sop.texts import has, text


def title(duty: str) -> str:
    """Return what a duty is called; one the program has no word for goes by its id."""
    key = f"leaders.role-{duty}"
    return text(key) if has(key) else duty


def leads(said: str) -> bool:
    """Tell whether who says so after the word wants to lead; without a word more they do."""
    return not said or normalise(said) in text("leaders.called").split()


def duties_named(duties: Iterable[str], said: str) -> list[str]:
    """Return the duties that go by that id or title."""
    wanted = normalise(said)
    return [each for each in duties if wanted in (normalise(each), normalise(title(each)))]


def known(leaders: Leaders | None, said: str) -> bool:
    """Tell whether it is something that can be applied for, and no other talk."""
    return leads(said) or (leaders is not None and bool(duties_named(leaders.staff, said)))
