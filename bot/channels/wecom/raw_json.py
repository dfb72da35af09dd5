"""JSON as WeCom takes it: raw UTF-8, since an escape would be its 40033."""

import json
import re
from collections.abc import Mapping

Json = Mapping[str, object]

_ESCAPED = re.compile(r"\\(u00[01][0-9a-f]|.)")


def encoded(body: Json) -> bytes:
    """Return `body` as the raw UTF-8 JSON that WeCom wants; an escape would be its 40033.

    Control characters, which JSON can only escape, are left out; lone surrogates become `?`.
    """
    text = json.dumps(body, ensure_ascii=False)
    text = _ESCAPED.sub(lambda found: "" if len(found[1]) > 1 else found[0], text)
    return text.encode("utf-8", "replace")
