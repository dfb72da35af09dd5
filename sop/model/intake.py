"""What came in and was handled, what died of it, and what must not come twice."""

from dataclasses import dataclass

from sop.frozen import quick
from sop.model.record import Record


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Counter(Record):
    """The last number given out under a name, per community."""

    KEY = ("community", "name")
    community: str
    name: str
    value: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEvent(Record):
    """An event that was handled: its key again is a repeat. `outgoing` are its deliveries' ids."""

    KEY = ("key_",)
    key_: str
    community: str
    at: int
    outgoing: tuple[int, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce(Record):
    """A callback's (timestamp, surface, nonce) belongs to one event key; `stamped_at` is in ms.

    The time comes first in the key, so that the newest nonces share a few pages.
    """

    KEY = ("stamped_at", "surface", "nonce")
    stamped_at: int
    surface: str
    nonce: str
    event_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEvent(Record):
    """An event that could not be handled, with what is needed to try again."""

    KEY = ("key_",)
    key_: str
    community: str
    at: int
    payload: str
    error: str
    replayed_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(Record):
    """A shared access token; `name` tells which secret it came from, never the secret."""

    KEY = ("name",)
    name: str
    value: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Record):
    """A pack or groups.yaml text that was in force from `at` on, numbered per file name.

    `sha` is the fingerprint of the text; `author` is empty where nobody knows. Keys of robots
    are kept as `${ROBOT_KEY_…}`, or masked where they were written out.
    """

    KEY = ("name", "number")
    name: str
    number: int
    sha: str
    at: int
    author: str
    text: str
