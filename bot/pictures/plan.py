"""A plan as pictures: days in cards for a fortnight, months for more."""

from typing import Final

from bot.pictures import days, month
from bot.pictures.fonts import Faces
from bot.pictures.lettering import Lettering
from bot.pictures.plan_parts import Plan, drawn
from sop.agenda.agenda import Agenda, Known
from sop.book import Book

FORTNIGHT: Final = 14
"""Days up to which each gets a card."""


def draw(agenda: Agenda, book: Book, known: Known, faces: Faces) -> list[bytes]:
    """Return a PNG or, where one would be too tall, several: each `WIDTH` pixels wide."""
    plan = Plan(agenda, book, known, Lettering(faces))
    layout = days if agenda.days <= FORTNIGHT else month
    return drawn(plan, list(layout.blocks(plan)), badges=layout is month)
