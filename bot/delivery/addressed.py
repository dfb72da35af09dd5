"""Platform ids of the people a delivery names, looked up when it goes out."""

from handlers.ports import Store
from sop.model import Outgoing, Person


def mentions(store: Store, outgoing: Outgoing) -> tuple[str, ...]:
    """Return whom a delivery calls by name, or everybody."""
    mention = outgoing.body.get("mention", ())
    if "all" in mention:
        return ("@all",)
    return userids(store, outgoing.community, ",".join(mention))


def userids(store: Store, community: str, people: str) -> tuple[str, ...]:
    """Return the platform ids of the people whose ids stand here, with commas between them."""
    found = (
        store.get(Person, community, int(each)) for each in people.split(",") if each.isdecimal()
    )
    return tuple(person.userid for person in found if person is not None)
