"""Staff say that two members are one person, or that they are not: asked once more, as a task.

Who owns or looks after a group is merged from the command line alone: rights would come with it.
"""

from dataclasses import replace
from typing import Final

from handlers.identity import identities
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import discreetly, privately, stopping
from handlers.tasks import tasks
from handlers.threads import naming
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Person, Task
from sop.texts import text

SPLIT: Final = "split"

Named = tuple[Person | None, str]
"""The person, or what to answer instead."""


def merge(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Ask whether two members are one person, who goes on as the one named first."""
    parts = _two(event, context, argument)
    if parts is None:
        return stopping(privately(text("identity.form")))
    found = [_resolved(each, context, said) for each, said in parts]
    problem = next((problem for person, problem in found if person is None), "")
    into, gone = (person for person, _ in found)
    if into is None or gone is None:
        return stopping(privately(problem))
    if into.id == gone.id:
        return stopping(privately(text("identity.same", name=people.shown(into))))
    seen = identities.preview(context, into, gone)
    if seen.runs_groups:
        return stopping(privately(text("identity.runs-groups")))
    return _asked(event, context, identities.MERGE, seen.into, seen.gone)


def split(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Ask whether a person's newest merge was a mistake."""
    person, problem = _resolved(event, context, argument)
    if person is None:
        return stopping(privately(problem))
    newest = identities.newest(context, person.id)
    if newest is None:
        return stopping(privately(text("identity.never", name=people.shown(person))))
    gone = context.store.get(Person, context.community, newest.gone)
    return _asked(event, context, SPLIT, person, gone or person)


def _asked(
    event: MessageReceived, context: Context, kind: str, into: Person, gone: Person
) -> Outcome:
    about = f"{kind}:{into.id}:{gone.id}"
    names = {"into": _numbered(into), "gone": _numbered(gone)}

    def words(number: int) -> str:
        return text(
            f"identity.{kind}-task", number=number, one=into.balance, other=gone.balance,
            sum=into.balance + gone.balance, **names,
        )  # fmt: skip

    lines = tasks.open_task(
        context, kind=kind, to="staff", person=into.id, target=str(gone.id), about=about,
        words=words,
    )  # fmt: skip
    opened = tasks.find_open(context, about)
    said = text("identity.asked", number=opened.id if opened else 0)
    return stopping(*lines, discreetly(event, context, said))


def _numbered(person: Person) -> str:
    """Return the name with the number: two accounts of one person have often the same name."""
    return text("identity.numbered", name=people.shown(person), number=person.id)


def _two(
    event: MessageReceived, context: Context, argument: str
) -> tuple[tuple[MessageReceived, str], tuple[MessageReceived, str]] | None:
    """Return what names the one and what names the other; None where it is not two."""
    bare = replace(event, quote="", quote_id="", mentions=())
    mentions = naming.mentioned(event, context)
    if mentions:
        if len(mentions) != 2:  # noqa: PLR2004 - two are one
            return None
        one, other = (replace(bare, mentions=(each,)) for each in mentions)
        return (one, ""), (other, "")
    words = naming.words_of(argument)
    spots = [place for place, word in enumerate(words) if word.startswith("@")]
    if len(spots) == 2 and spots[0] == 0:  # noqa: PLR2004 - as above
        return (bare, " ".join(words[: spots[1]])), (bare, " ".join(words[spots[1] :]))
    if len(words) == 2 and not spots:  # noqa: PLR2004 - as above
        return (bare, f"@{words[0]}"), (bare, f"@{words[1]}")
    return None


def _resolved(event: MessageReceived, context: Context, said: str) -> Named:
    """Return who is named: in this group, or anywhere in the community by a platform id."""
    meant = naming.resolve(event, context, said, former=True)
    if meant.person is not None:
        return meant.person, ""
    names = (*event.mentions, said.removeprefix("@"))
    known = (people.find_person(context.store, context.community, each) for each in names if each)
    return next((each for each in known if each is not None), None), meant.problem


def decide_merge(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Make them one, if that was said and they are still two without rights."""
    into, gone = identities.persons_of(context, task)
    if choice != "approve" or into is None or gone is None or into.id == gone.id:
        return ()
    if identities.preview(context, into, gone).runs_groups:
        return ()
    return identities.merge(context, into, gone, by=context.person_id)


def decide_split(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Undo the merge, if that was said and it is still the newest."""
    newest = identities.newest(context, task.person)
    if choice != "approve" or newest is None or str(newest.gone) != task.target:
        return ()
    return identities.split(context, newest)
