"""A book as one page of HTML that prints on A4; what people wrote is shown as they wrote it."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from handlers.collections.story_books import Story, StoryBook
from sop.texts import text


def html(book: StoryBook) -> str:
    """Return the page; it needs nothing from elsewhere and runs nothing."""
    stories = [{"by": each.by, "about": about(each), "said": each.said} for each in book.stories]
    return _page().render(
        book=book, stories=stories, count=text("books.count", count=len(stories)),
        foot=text("books.foot", place=book.place),
    )  # fmt: skip


def about(story: Story) -> str:
    """Return what stands beside a name: the day, the number, and the likes if there are any."""
    day = text("books.day", month=story.day.month, day=story.day.day)
    key = "books.about-liked" if story.likes else "books.about"
    return text(key, day=day, number=story.number, likes=story.likes)


@cache
def _page() -> Template:
    source = files("bot.books").joinpath("page.html").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
