"""What figures were reckoned by: noticed when an edit of the pack has made it another."""

from zlib import crc32

from handlers.ports import Context
from sop.model import Counter


def is_edited(context: Context, name: str, value: object) -> bool:
    """Tell whether what stood under a name was another, and remember what stands there now.

    Nothing is edited that is seen for the first time.
    """
    mark = crc32(repr(value).encode())
    known = context.store.get(Counter, context.community, name)
    if known is not None and known.value == mark:
        return False
    context.store.put(Counter(community=context.community, name=name, value=mark))
    return known is not None
