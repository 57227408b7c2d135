"""Who may moderate, flag and appeal, as questions; those that choose rows also as a WHERE clause."""

from sqlalchemy import ColumnElement, and_, false

from lmssocial.core.hooks import Submission
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.models import Case


def can_moderate(actor: Actor) -> bool:
    """Staff, stewards and SMEs of the community decide about what waits in it."""
    return actor.moderates


def require_moderator(actor: Actor) -> None:
    """Go on only for a moderator.

    :raises NotAllowed: for everybody else.
    """
    if not can_moderate(actor):
        raise NotAllowed(
            _("Only instructors, stewards and SMEs of this course decide about what waits here.")
        )


def require_author(actor: Actor, submission: Submission) -> None:
    """Go on only if the submission is the actor's own.

    :raises NotAllowed: if somebody hands in for somebody else.
    """
    if submission.author_id != actor.user_id or submission.community_id != actor.community_id:
        raise NotAllowed(reason="a submission is handed in by its author, in its community")


def cases_of(actor: Actor) -> ColumnElement[bool]:
    """The cases ``actor`` may see on the moderators' desk, as a WHERE clause."""
    if not can_moderate(actor):
        return false()
    return and_(Case.community_id == actor.community_id, Case.tenant_id == actor.tenant_id)


def own_cases_of(actor: Actor) -> ColumnElement[bool]:
    """The cases about the actor's own contributions, as a WHERE clause."""
    return and_(
        Case.community_id == actor.community_id,
        Case.tenant_id == actor.tenant_id,
        Case.author_id == actor.user_id,
    )


def contributions_here(actor: Actor) -> ColumnElement[bool]:
    """The contributions of the actor's community, as a WHERE clause; who may read each is the widget's to say."""
    return and_(Contribution.community_id == actor.community_id, Contribution.tenant_id == actor.tenant_id)


def may_decide(actor: Actor, case: Case, first: Case | None, tier: Tier) -> bool:
    """Whether ``actor`` may decide ``case``: nobody their own, nobody twice, and in Assured only who knows the matter.

    :param first: the case whose decision is appealed against, if it is an appeal.
    """
    return not why_not(actor, case, first, tier)


def is_trusted(actor: Actor, tier: Tier) -> bool:
    """Whether a moderator may decide anything: in Assured only who knows the matter."""
    return tier is not Tier.ASSURED or actor.is_staff or Office.SME in actor.offices


def why_not(actor: Actor, case: Case, first: Case | None, tier: Tier) -> str:
    """The sentence that says why ``actor`` may not decide ``case``; empty if they may."""
    if not can_moderate(actor):
        return _("Only instructors, stewards and SMEs of this course decide about what waits here.")
    if case.author_id == actor.user_id:
        return _("This is your own post, so somebody else decides about it.")
    if first is not None and first.decided_by_id == actor.user_id:
        return _(
            "You made the decision that its author does not accept, so somebody else takes the second look."
        )
    if not is_trusted(actor, tier):
        return _("In this community an SME or an instructor decides about what is published.")
    return ""


def require_may_decide(actor: Actor, case: Case, first: Case | None, tier: Tier) -> None:
    """Go on only for whom :func:`may_decide` allows it.

    :raises NotAllowed: with the sentence that says why.
    """
    if reason := why_not(actor, case, first, tier):
        raise NotAllowed(reason)
