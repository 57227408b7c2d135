"""Texts on their way: understood, looked at by the policies, and then stored, published or held for a moderator.

Services ask inside their transaction. A page asks before it begins one, so that slow policies hold no lock; the screen
remembers what it said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Submission
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import attachments, connections, writing
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import MAX_SOURCE, Cooked, render
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.named import NOTHING_KNOWN, Known
from lmssocial.social.content.text import is_blank, tidy, tidy_line
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.attachment_screening import with_files
from lmssocial.social.moderation.screening import Screen, Screening


class Rejected(Invalid):
    """A policy refused the text outright; its author keeps it and hears why."""


@dataclass(frozen=True)
class HandedIn:
    """A text that the policies have looked at and not refused."""

    text: Writing
    cooked: Cooked
    submission: Submission
    screening: Screening

    @property
    def held_because(self) -> tuple[str, ...] | None:
        """The sentences that say why it has to wait; ``None`` if it need not."""
        return self.screening.messages if self.screening.ruling is Ruling.HOLD else None


def hand_in(
    screen: Screen,
    actor: Actor,
    kind: str,
    text: Writing,
    files: Sequence[Attachment] = (),
    known: Known = NOTHING_KNOWN,
    **circumstances: Any,
) -> HandedIn:
    """Understand ``text`` and let the policies look at it.

    :param files: those it may show; what was said about them counts for the text.
    :param known: the people it may name, and where its tags lead to.
    :param circumstances: ``moment``, ``reply_to``, ``previous`` of the submission, where they are not the usual ones.

    :raises Invalid: if there is no text, or too much of it.
    :raises Rejected: if a policy refuses it.
    """
    text = replace(text, source=tidy(text.source), title=tidy_line(text.title))
    if is_blank(text.source):
        raise Invalid(_("Write something first."))
    if len(text.source) > MAX_SOURCE:
        raise Invalid(
            _(
                "Your text is longer than %(max)d characters. Shorten it.",
                max=MAX_SOURCE,
            )
        )
    attachments.require_few(text.source)
    cooked = render(text.source, attachments.shown(files), known)
    connections.require_few(cooked.names)
    submission = writing.submission(actor, kind, text, cooked, **circumstances)
    screening = with_files(screen(submission), files)
    if screening.ruling is Ruling.REJECT:
        raise refusal(screening)
    return HandedIn(text, cooked, submission, screening)


def refusal(screening: Screening) -> Rejected:
    """What somebody reads whose text the policies refuse."""
    sentences = screening.messages or (_("This text cannot be published here."),)
    names = ", ".join(vote.policy for vote in screening.votes)
    return Rejected(" ".join(sentences), reason=f"refused by {names}")


def files_in(
    session: Session, actor: Actor, text: Writing, *, of: int | None = None
) -> tuple[Attachment, ...]:
    """The actor's files that ``text`` shows; no query if it shows none.

    :param of: the contribution that it becomes another wording of: files that others sent with it stay in it.
    """
    return attachments.files_of(session, actor.community_id, actor.user_id, text.source, of=of)


def store(session: Session, actor: Actor, handed_in: HandedIn, placement_id: int) -> Contribution:
    """The contribution that ``handed_in`` becomes; it has its id, and no place in its widget yet."""
    return writing.add(
        session,
        actor,
        handed_in.submission.kind,
        handed_in.text,
        handed_in.cooked,
        placement_id=placement_id,
        held_because=handed_in.held_because,
    )


def reword(
    session: Session,
    actor: Actor,
    contribution: Contribution,
    handed_in: HandedIn,
    *,
    seen: int,
    reported: str,
) -> tuple[str, ...] | None:
    """Give a contribution the wording that was handed in; the sentences that say why it has to wait, if it has to.

    What a moderator declined, and what members reported, goes to a moderator again; what only a policy held is
    published if the policy is content, also with the same words.

    :param seen: the version the editor had before their eyes.
    :param reported: what its author reads if it was reported: that a moderator reads the new wording first.
    :raises Conflict: if it was changed meanwhile.
    """
    because, was = handed_in.held_because, contribution.state
    if (handed_in.text.source, handed_in.text.title) != (contribution.source, contribution.title):
        writing.revise(
            session, contribution, handed_in.text, handed_in.cooked, seen=seen, by_id=actor.user_id
        )
    if because is None and was is State.REJECTED:
        because = (_("A moderator did not publish the first wording, so a moderator reads this one too."),)
    if because is None and was is State.HELD and cases.is_flagged(session, actor, contribution.id):
        because = (reported,)
    if because is None:
        writing.publish(session, contribution)
    else:
        writing.hold(contribution, because)
    return because


def settle(
    session: Session, actor: Actor, contribution: Contribution, handed_in: HandedIn, *, held: bool
) -> Cooked:
    """Note what the policies said, open a case if somebody has to look, and take out the words they do not let stand.

    :param held: whether it waits, by their word or by another rule.
    :return: what can be read.
    :raises ValueError: if it stands at no placement: then no moderator would find it.
    """
    screening = handed_in.screening
    if contribution.placement_id is None:
        raise ValueError(f"contribution {contribution.id} stands at no placement")
    cases.settle(
        session,
        actor,
        handed_in.submission,
        screening,
        placement_id=contribution.placement_id,
        contribution_id=contribution.id,
        held=held,
    )
    if screening.ruling is not Ruling.REDACT or not screening.redactions:
        return handed_in.cooked
    return writing.redact(session, contribution, screening.redactions, "\n".join(screening.messages))
