"""Layers: who is proposed for the core group or back, and what an approval moves.

What a review proposes is decided by `sop.layers`; a member is told in private, never in a group.
"""

from handlers.ports import Context, Outcome
from sop.actions import Action
from sop.events import StepDue
from sop.model import Task
from sop.pack import Step


def review(context: Context, step: Step) -> tuple[Action, ...]:
    """Propose who should enter or leave the core, or (`approve: auto`) move them at once."""
    raise NotImplementedError


def decide_promotion(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out an approved proposal to enter the core; anything else changes nothing."""
    raise NotImplementedError


def decide_demotion(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out an approved proposal to leave the core; anything else changes nothing."""
    raise NotImplementedError


def plan_daily(context: Context) -> None:
    """Plan the next look at what changes by time alone: 00:05 local."""
    raise NotImplementedError


def nightly(event: StepDue, context: Context) -> Outcome:
    """Notice levels that changed by time alone, in slices, and plan the next night."""
    raise NotImplementedError
