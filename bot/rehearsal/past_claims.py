"""What had been redeemed some days ago: by everybody, since stock and budget are shared."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sop.model import Claim


def claims_before(claims: Iterable[Claim], since: int) -> Iterator[Claim]:
    """Yield the claims as they stood at `since`: what was given back later was not yet.

    What still waited for somebody's yes and was refused later is taken for given: it held its
    place in the stock all the same.
    """
    for each in claims:
        if each.at < since:
            back = each.closed_at >= since
            yield replace(each, status="given", closed_at=0) if back else each
