"""The command line. Every command exits non-zero on failure and prints errors to stderr."""

import typer

from bot.commands.bench import bench
from bot.commands.calendar import calendar
from bot.commands.check import check
from bot.commands.explain import explain
from bot.commands.export_sheet import export_sheet
from bot.commands.import_sheet import import_sheet
from bot.commands.judge import judge
from bot.commands.native import native
from bot.commands.rehearse import rehearse
from bot.commands.rollback import rollback
from bot.commands.run import run
from bot.commands.schema import schema
from bot.commands.upkeep import doctor, replay, verify
from bot.commands.versions import versions
from bot.commands.why import why

app = typer.Typer(
    name="qunyun",
    help="Qunyun runs WeCom groups by an SOP pack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for command in (
    run, check, schema, rehearse, calendar, why, explain, native, judge,
    versions, rollback, doctor, verify, replay, bench,
):  # fmt: skip
    app.command()(command)
app.command("import")(import_sheet)
app.command("export")(export_sheet)


def main() -> None:
    """Run the command line."""
    app()
