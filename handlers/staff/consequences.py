"""What the answer to a task brings about, by the task's kind."""

from collections.abc import Mapping
from typing import Final

from handlers.admission import admitting
from handlers.benefits import redemption, returns
from handlers.clean_up import running
from handlers.collections import entry_reviews, review_queue, snags
from handlers.groups import rosters
from handlers.identity import identities, identity_commands
from handlers.invitations import invite_reviews
from handlers.layers import layer_strays, layering
from handlers.leaders import (
    leader_applications,
    leader_reviews,
    leader_terms,
    leader_votes,
    tagging,
    volunteers,
)
from handlers.likes import like_holds, like_reviews
from handlers.moderation import complaints, doubts, moderation, raids, reporting, same_message
from handlers.offers import guarding
from handlers.questions import caring
from handlers.relays import relay_import
from handlers.shares import share_endings, share_invitations
from handlers.tasks.tasks import Consequence

TABLE: Final[Mapping[str, Consequence]] = {
    admitting.TASK: admitting.decide,
    "appeal": complaints.decide_appeal,
    "promote": layering.decide_promotion,
    "demote": layering.decide_demotion,
    layer_strays.KIND: layer_strays.decide,
    doubts.KIND: same_message.decide,
    "confirm-removal": moderation.decide_removal,
    raids.KIND: raids.decide,
    reporting.KIND: same_message.decide,
    identities.MERGE: identity_commands.decide_merge,
    identity_commands.SPLIT: identity_commands.decide_split,
    "approve-claim": redemption.decide,
    like_holds.KIND: like_reviews.decide,
    invite_reviews.KIND: invite_reviews.decide,
    relay_import.TASK: relay_import.decide,
    rosters.DOUBT: rosters.decide,
    share_invitations.TASK: share_invitations.decide,
    share_endings.HOSTED: share_endings.decide_hosted,
    review_queue.KIND: entry_reviews.decide,
    snags.CONFIRM: snags.confirm,
    guarding.KIND: guarding.decide,
    leader_applications.KIND: leader_applications.decide,
    leader_votes.BY_HAND: leader_votes.decide_by_hand,
    leader_terms.CERTIFY: leader_terms.decide_certify,
    leader_reviews.AWAY: leader_reviews.decide_away,
    volunteers.KIND: volunteers.decide,
    tagging.KIND: tagging.decide,
}
"""The kinds of tasks that want a yes or a no, and who acts on it; every other is simply done."""

DONE: Final[Mapping[str, Consequence]] = {
    running.TELL: running.told_by_hand,
    caring.TASK: caring.seen_to,
    reporting.LOOK: reporting.seen,
    snags.TASK: snags.fixed,
}
"""The kinds of tasks of which something follows when they are done."""

DECLINED: Final[Mapping[str, Consequence]] = {"claim": returns.nobody_can}
"""The kinds of tasks of which something follows when nobody is left who could do them."""

GONE: Final[Mapping[str, Consequence]] = {snags.CONFIRM: snags.ask_anew}
"""The kinds of tasks for one person alone of which something follows when that one has left."""
