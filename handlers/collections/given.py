"""An entry of a collection as it was given, before anything is kept of it."""

from dataclasses import dataclass

from handlers.ports import Context
from sop.events import MessageReceived
from sop.model import Group, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was said, by whom and where, and what of it is for which collection."""

    event: MessageReceived
    context: Context
    group: Group
    thread: Thread
    said: str
    category: str = ""
    team: str = ""
    about: int = 0

    @property
    def kind(self) -> str:
        """What is collected."""
        return str(self.thread.body["kind"])

    @property
    def anonymous(self) -> bool:
        """Whether nobody may know whose it is."""
        return bool(self.thread.body["anonymous"])
