"""`qunyun paid`: who pays, from the table an operator keeps."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import deployment_or_exit, fail, read_file, unbroken_or_exit
from bot.operations.operating import Operation, operating
from handlers.people import payments
from handlers.people.payments import Resolved
from sop.activities.payments import Payment, read_payments
from sop.activities.tables import Fault
from sop.told_events import PaymentsTold


def paid(
    table: Annotated[Path, typer.Argument(help="A .csv with userid or name, paid, until.")],
    community: Annotated[str, typer.Option(help="Which, where there are several.")] = "",
    *,
    new: Annotated[bool, typer.Option("--new", help="Take unknown ids for new members.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
) -> None:
    """Note who pays: every line of the table, or none where one of them is wrong (exit 1).

    Who is not in the table stays as they are. The bot may be running meanwhile.
    """
    data = read_file(table)
    found = read_payments(data)
    _refuse(table, found.faults)
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        name = operation.community(community)
        resolved = _resolved(operation, name, found.payments, new=new)
        _refuse(table, resolved.faults)
        if not dry_run:
            mark = blake2b(data, digest_size=8).hexdigest()
            operation.handle(
                PaymentsTold(
                    key=f"paid:{operation.now}:{mark}", community=name, at=operation.now,
                    payments=resolved.told,
                )
            )  # fmt: skip
    done = "would change" if dry_run else "changed"
    typer.echo(f"{len(resolved.told)} member(s) in the table, {resolved.changed} {done}")


def _resolved(
    operation: Operation, community: str, lines: Sequence[Payment], *, new: bool
) -> Resolved:
    return operation.look(
        community, lambda context: payments.resolve(context, lines, new=new)
    )  # fmt: skip


def _refuse(table: Path, faults: Sequence[Fault]) -> None:
    """Exit 1 with every line that is wrong."""
    for fault in faults:
        typer.echo(f"{table}: {fault}", err=True)
    if faults:
        raise fail(f"{len(faults)} line(s) are wrong: nothing was changed")
