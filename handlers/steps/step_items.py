"""Content of a step: items of pools, and prompts that open a thread."""

from dataclasses import replace

from handlers.pools import pools, preparing, stocktaking
from handlers.posting import attachments
from handlers.posting.rendering import render
from handlers.posting.step_run import Expanded, Run
from handlers.shares import prompt_echoes
from handlers.steps import threads
from handlers.tasks import tasks
from sop.actions import Action
from sop.pack import pack_actions as pack
from sop.pack.pack import Item
from sop.texts import text


def drop(run: Run, action: pack.DropAction) -> Expanded:
    """Post the next item of a pool, unless a prompt goes out with it."""
    item = preparing.item_for(run.context, run.group, run.step, action, run.due_at)
    if item is None:
        return (), run
    run = replace(run, item=item)
    asks_with_it = any(
        isinstance(each, pack.AskAction) and each.ask.from_ == "item" for each in run.step.do
    )
    left = _video(run, item)
    if asks_with_it or not (item.text or item.image or item.file):
        return left, run
    line = Action(
        do="post",
        group=run.group.id,
        text=render(run.context, item.text or "", run.group, person=run.person),
        step=run.step.id,
        image=item.image or "",
        file=item.file or "",
        expires_at=run.context.now + run.step.grace_ms,
    )
    return (line, *left), run


def _video(run: Run, item: Item) -> tuple[Action, ...]:
    """No channel carries a video: a person posts it."""
    if item.video is None:
        return ()
    return attachments.leave(run.context, run.group, run.step.id, item.video)


def ask(run: Run, action: pack.AskAction) -> Expanded:
    """Post a prompt and open its thread; a pool without one brings about nothing."""
    words = _prompt(run, action)
    if words is None:
        return (), run
    quoted = prompt_echoes.quote(run.context, run.group, run.step.id)
    words = "\n".join(filter(None, (quoted, words)))
    item = run.item if action.ask.from_ else None
    line = Action(
        do="post",
        group=run.group.id,
        text=words,
        step=run.step.id,
        image=item.image or "" if item else "",
        file=item.file or "" if item else "",
        expires_at=run.context.now + run.step.grace_ms,
    )
    threads.open_ask(run.context, run.group, run.step, action, words)
    return (line,), run


def _prompt(run: Run, action: pack.AskAction) -> str | None:
    source = action.ask
    if source.texts:
        return run.words(source.texts)
    need = pools.Need((str(source.pool or ""),))
    item = run.item if source.from_ else pools.take(run.context, run.group, need)
    if item is None:
        return None
    words = (item.text, item.ask) if source.from_ else (item.ask or item.text,)
    return "\n".join(render(run.context, each, run.group) for each in words if each)


def empty_pool(run: Run, pool: str) -> tuple[Action, ...]:
    """Ask staff for more items, in place of what the step would have said.

    That they run low is asked no more.
    """
    tasks.void(run.context, pools.scarcity(run.context, run.group, pool))
    found = run.context.book.pack.library.get(pool)
    group, step = run.group.title or run.group.id, run.step.title or run.step.id

    def words(number: int) -> str:
        if found is None or found.items or not found.from_:
            return text("tasks.empty-pool", group=group, pool=pool, step=step, number=number)
        return text(
            "tasks.missing-pool", group=group, pool=pool, step=step, file=found.from_,
            number=number,
        )  # fmt: skip

    return tasks.open_task(
        run.context, kind=stocktaking.EMPTY, to="staff",
        about=pools.emptiness(run.context, run.group, pool),
        group=run.group.id, step=run.step.id, words=words,
    )  # fmt: skip
