"""Writing a revision: what the tables have and the newest revision has not."""

import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from storage.database import MEMORY, Database
from storage.revisions import alembic_config


def write(message: str) -> Path:
    """Write the next revision; returns its file, which wants `ruff format`."""
    database = Database(MEMORY)
    config = alembic_config()
    head = ScriptDirectory.from_config(config).get_current_head()
    number = f"{int(head or 0) + 1:04}"
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        if head:
            command.upgrade(config, "head")
        made = command.revision(config, message, autogenerate=True, rev_id=number)
    database.close()
    path = Path(made.path)  # type: ignore[union-attr] # one revision is made, not a list
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ### " not in line), "utf-8")
    return path


def write_again() -> Path:
    """Replace the newest revision; returns its file."""
    script = ScriptDirectory.from_config(alembic_config())
    newest = script.get_revision(script.get_current_head() or "base")
    message = newest.doc.removesuffix(".")
    Path(newest.path).unlink()
    return write(message)


def main() -> None:
    """Write a revision as the arguments say."""
    match sys.argv[1:]:
        case ["--again"]:
            write_again()
        case [message] if not message.startswith("-"):
            write(message)
        case _:
            sys.exit('usage: python -m storage.migrations ("what changed" | --again)')


if __name__ == "__main__":
    main()
