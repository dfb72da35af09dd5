"""Kept versions: numbered, signed, without keys, and compiled again when something needs them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.library import authors, editions, versions
from bot.library.editions import Editions
from bot.library.history import difference
from bot.library.versions import Text, bindings_text, pack_text
from sop.book import Book
from sop.model import Version
from sop.yaml import yaml_source
from storage.database import Database
from tests import builders
from tests.databases import in_memory
from tests.unit.bot.folders import GROUPS, PACK, opened, write


@pytest.fixture
def database() -> Iterator[Database]:
    with in_memory() as found:
        yield found


def keep(database: Database, *texts: Text, now: int = 5) -> None:
    batch = database.batch()
    with batch.event() as store:
        versions.keep(store, texts, now)
    batch.commit()


def kept(database: Database) -> list[Version]:
    return database.read(lambda store: list(store.find(Version, order="number")))


def test_a_text_is_kept_each_time_it_comes_into_force(database: Database):
    one, two = pack_text("a.yaml", b"one"), pack_text("a.yaml", b"two")
    for number, text in enumerate((one, one, two, two, one)):
        keep(database, text, now=number)

    assert [(each.number, each.text, each.at) for each in kept(database)] == [
        (1, "one", 0), (2, "two", 2), (3, "one", 4)
    ]  # fmt: skip


def test_each_file_is_numbered_by_itself(database: Database):
    keep(database, pack_text("a.yaml", b"x"), pack_text("b.yaml", b"x"))

    assert {(each.name, each.number) for each in kept(database)} == {("a.yaml", 1), ("b.yaml", 1)}


def test_bindings_are_kept_without_their_keys():
    data = GROUPS.replace('"${ROBOT_KEY_ALPHA}"', "secret-key-9876").encode()
    text = bindings_text("groups.yaml", data, yaml_source.compose(data, "groups.yaml")[0])

    assert "secret-key" not in text.text
    assert "9876" in text.text
    assert yaml_source.compose(text.text.encode(), "groups.yaml")[0] is not None
    assert "${ROBOT_KEY_ALPHA}" in bindings_text("g", GROUPS.encode(), _tree(GROUPS)).text


def _tree(text: str) -> yaml_source.Tree | None:
    return yaml_source.compose(text.encode(), "g")[0]


def test_only_new_texts_are_asked_for_their_authors(tmp_path: Path):
    asked: list[str] = []

    def author(path: Path) -> str:
        asked.append(path.name)
        return "me"

    texts = {name: pack_text(name, name.encode()) for name in ("a.yaml", "b.yaml")}
    known = {"a.yaml": Text(name="a.yaml", sha=texts["a.yaml"].sha, text="", author="you")}
    found = versions.signed(texts, known, tmp_path, author)

    assert asked == ["b.yaml"]
    assert {name: each.author for name, each in found.items()} == {"a.yaml": "you", "b.yaml": "me"}


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Wang Wu", "-c", "user.email=w@x.cn", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_author_of_a_committed_file_is_its_last_commits(tmp_path: Path):
    folder = tmp_path / "sop"
    folder.mkdir()
    write(folder, {"a.yaml": PACK, "b.yaml": PACK})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "sop/a.yaml")
    git(tmp_path, "commit", "-qm", "a pack")

    owner = (folder / "b.yaml").owner()
    assert authors.author_of(folder / "a.yaml") == "Wang Wu"
    assert authors.author_of(folder / "b.yaml") == owner
    write(folder, {"a.yaml": f"{PACK}# edited\n"})
    assert authors.author_of(folder / "a.yaml") == owner


def test_a_file_that_is_gone_or_nobodys_has_no_author(tmp_path: Path):
    assert authors.author_of(tmp_path / "nowhere.yaml") == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_an_owner_without_a_name_is_no_author(tmp_path: Path):
    write(tmp_path, {"a.yaml": PACK})
    os.chown(tmp_path / "a.yaml", 54_321, -1)

    assert authors.author_of(tmp_path / "a.yaml") == ""


def now(text: str = "") -> Book:
    return Book(pack=builders.pack(text), version="today", bot_name="晨晨", files={"a": b"1"})


def old(text: str) -> Text:
    return pack_text("club.yaml", f"{builders.HEAD}{text}steps: []\n".encode())


def ask(database: Database, found: Editions, version: str) -> Book | None:
    return database.read(lambda store: found(store, "club", version))


def test_an_older_pack_is_made_of_its_text_with_what_is_around_it_today(database: Database):
    text = old("quiet: 21:00-07:00\n")
    keep(database, text)
    today = now()
    found = Editions(lambda _community: today)

    book = ask(database, found, text.sha)

    assert book is not None
    assert (book.version, book.bot_name, book.files) == (text.sha, "晨晨", {"a": b"1"})
    assert book.pack.quiet is not None
    assert ask(database, found, text.sha) is book


def test_what_is_around_an_older_pack_is_never_yesterdays(database: Database):
    text = old("")
    keep(database, text)
    around = [now(), replace(now(), files={"a": b"2"})]
    found = Editions(lambda _community: around[0])
    first = ask(database, found, text.sha)
    del around[0]

    second = ask(database, found, text.sha)
    assert first is not None
    assert second is not None
    assert (first.files, second.files) == ({"a": b"1"}, {"a": b"2"})


def test_what_is_not_kept_or_no_pack_any_more_cannot_be_had(database: Database):
    broken = pack_text("club.yaml", b"pack: x\nnonsense: 1\n")
    keep(database, broken)
    found = Editions(lambda _community: now())

    assert ask(database, found, "nothing") is None
    assert ask(database, found, broken.sha) is None
    assert ask(database, Editions(lambda _community: None), broken.sha) is None


def test_what_was_in_force_in_this_process_is_not_read_again(database: Database):
    before = replace(now("quiet: 21:00-07:00\n"), version="before")
    today = now()
    found = Editions(lambda _community: today)
    found.remember([before, today])

    book = ask(database, found, "before")

    assert book is not None
    assert (book.pack, book.version) == (before.pack, "before")
    found.remember(replace(today, version=str(number)) for number in range(editions.KEPT))
    assert ask(database, Editions(lambda _community: today), "before") is None


def test_only_so_many_older_packs_stay_compiled(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(editions, "KEPT", 2)
    texts = [old(f"skip: [2027-01-0{number}]\n") for number in range(1, 5)]
    for text in texts:
        keep(database, text)
    today = now()
    found = Editions(lambda _community: today)
    books = [ask(database, found, text.sha) for text in texts]

    assert ask(database, found, texts[-1].sha) is books[-1]
    assert ask(database, found, texts[0].sha) is not books[0]


def test_a_books_version_is_the_fingerprint_of_its_kept_text(tmp_path: Path):
    write(tmp_path, {"groups.yaml": GROUPS, "club.yaml": f"\ufeff{PACK}"})
    shelf = opened(tmp_path).shelf

    assert shelf.versions["club.yaml"].sha == shelf.books["club"].version
    assert shelf.sources == {"club": "club.yaml"}
    assert set(shelf.versions) == {"groups.yaml", "club.yaml"}


def test_a_book_that_is_as_it_was_is_not_made_again(tmp_path: Path):
    write(tmp_path, {"groups.yaml": GROUPS, "club.yaml": PACK})
    found = opened(tmp_path)
    book = found.shelf.books["club"]
    write(tmp_path, {"groups.yaml": GROUPS.replace("一群", "二群")})
    assert found.reload()

    assert found.shelf.books["club"] is book


def test_a_difference_shows_controls_instead_of_obeying_them():
    told = difference("a: 1\n", "a: \x1b[2J早\n", "old", "new")

    assert told.splitlines()[-1] == r"+a: \x1b[2J早"
