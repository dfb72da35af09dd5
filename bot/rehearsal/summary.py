"""The end of a rehearsal in a few lines: who was heard, warned and rewarded, and what was sent."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.rehearsal import wording
from bot.rehearsal.standing import Standing, Tally
from bot.rehearsal.wording import Names
from sop.pack.pack import Pack

SHOWN: Final = 10
"""People named at most in one line."""


class Summary:
    """Counts the lines of a transcript as they come."""

    def __init__(self, pack: Pack, names: Names) -> None:
        self._pack = pack
        self._names = names
        self._done: Counter[str] = Counter()
        self._posts: Counter[tuple[str, str]] = Counter()
        self._private = 0
        self._warned: Counter[str] = Counter()
        self._removed: Counter[str] = Counter()
        self._points: Counter[str] = Counter()

    def count(self, line: Mapping[str, Any]) -> None:
        """Take a line into account."""
        do, member = line["do"], line.get("member", "")
        self._done[do] += 1
        if do == "post" and "step" in line:
            self._posts[line["group"], line["at"][:10]] += 1
        if do == "dm" and "step" in line:
            self._private += 1
        if do == "strike" and line.get("reason") != "observe":
            self._warned[member] += 1
        if do == "remove" and "rule" in line:
            self._removed[member] += 1
        if do == "points":
            self._points[member] += line["points"]

    def lines(self, tally: Tally, standings: Mapping[str, Standing], open_: int) -> Iterator[str]:
        """Yield the summary; `open_` are the tasks nobody has closed."""
        yield wording.words("summary", "heading")
        yield wording.words("summary", "said", said=tally.said, heard=tally.heard)
        yield self._sent()
        if self._private:
            yield wording.words("summary", "private", count=self._private)
        if self._done["held"] or self._done["dropped"]:
            held, dropped = self._done["held"], self._done["dropped"]
            yield wording.words("summary", "kept-back", held=held, dropped=dropped)
        yield self._named("warned", "nobody-warned", self._warned)
        if self._removed:
            yield self._named("removed", "", self._removed)
        yield self._rewarded()
        yield wording.words("summary", "tasks", count=self._done["task"], open=open_)
        yield from self._stand(standings)
        if self._done["error"]:
            yield wording.words("summary", "errors", count=self._done["error"])

    def _sent(self) -> str:
        if not self._posts:
            return wording.words("summary", "no-posts")
        (_, day), most = max(self._posts.items(), key=lambda item: item[1])
        return wording.words(
            "summary", "posts", count=self._posts.total(), most=most, day=day,
            budget=self._budget(),
        )  # fmt: skip

    def _budget(self) -> str:
        cap = self._pack.budget.group
        if cap is None:
            return ""
        return wording.words("summary", "budget", budget=cap.n)

    def _named(self, key: str, nobody: str, found: Counter[str]) -> str:
        if not found:
            return wording.words("summary", nobody)
        people = [
            wording.words("summary", "times", name=self._names.who(who), count=times)
            for who, times in found.most_common(SHOWN)
        ]
        return wording.words("summary", key, people=wording.joined(people))

    def _rewarded(self) -> str:
        if not self._points:
            return wording.words("summary", "no-points")
        people = [
            wording.words("summary", "gained", name=self._names.who(who), points=points)
            for who, points in self._points.most_common(SHOWN)
        ]
        return wording.words("summary", "points", count=len(people), people=wording.joined(people))

    def _stand(self, standings: Mapping[str, Standing]) -> Iterator[str]:
        levels = Counter(each.level for each in standings.values() if each.level)
        titles = [
            wording.words("summary", "title", title=level.title, count=levels[level.id])
            for level in self._pack.levels
            if levels[level.id]
        ]
        if titles:
            yield wording.words("summary", "levels", levels=wording.joined(titles))
        core = [who for who, each in standings.items() if each.layer == "core"]
        if core:
            named = [self._names.who(who) for who in core[:SHOWN]]
            more = ["…"] if len(core) > SHOWN else []
            people = wording.joined([*named, *more])
            yield wording.words("summary", "layers", people=people)
