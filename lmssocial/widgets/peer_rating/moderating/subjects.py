"""What is shown of words that somebody decides about or reports: with names only for who may know them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.ports import Subject
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.example_models import Example
from lmssocial.widgets.peer_rating.models import Activity, Author, Phase, Review, Work
from lmssocial.widgets.peer_rating.moderating.reading import with_subjects, words_seen_by
from lmssocial.widgets.peer_rating.pair_models import Comparison
from lmssocial.widgets.peer_rating.settings import PeerSettings


@dataclass(frozen=True)
class _Row:
    """Words, and what they are."""

    words: Contribution
    author_name: str
    place: Placement
    activity: Activity | None
    work: Work | None
    review: Review | None
    comparison: Comparison | None
    example: Example | None


def subjects(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
    """What the actor sees of some words, answers to reviews aside. Two queries."""
    wanted = select(Contribution, User.name, Placement, Activity, Work, Review, Comparison, Example)
    found = session.execute(
        with_subjects(wanted)
        .join(User, User.id == Contribution.author_id)
        .join(Placement, Placement.id == Contribution.placement_id)
        .where(Contribution.id.in_(contribution_ids), words_seen_by(actor))
    )
    rows = [_Row(*row) for row in found]
    own = set(session.scalars(select(Author.work_id).where(Author.user_id == actor.user_id))) if rows else ()
    return {row.words.id: _subject(actor, row, own) for row in rows}


def _subject(actor: Actor, row: _Row, own: Collection[int]) -> Subject:
    at: dict[str, Any] = {"placement_id": row.place.id}
    mine = row.words.author_id == actor.user_id
    named = access.sees_names(actor) or mine or _shown(row, own)
    title, unnamed, href, edit_href = _about(actor, row, at)
    return Subject(
        contribution_id=row.words.id,
        title=title,
        author_name=row.author_name if named else unnamed,
        author_role=row.words.author_role,
        html=row.words.html,
        href=href,
        edit_href=edit_href,
    )


def _shown(row: _Row, own: Collection[int]) -> bool:
    """Whether those who read the words see whose they are."""
    settings = PeerSettings.read(row.place.settings)
    phase = row.activity.phase if row.activity else Phase.DRAFT
    if row.work is not None:
        return row.work.id in own or gates.shows_authors(settings, phase)
    if row.example is not None:
        return True
    return gates.shows_reviewers(settings, phase)


def _about(actor: Actor, row: _Row, at: dict[str, Any]) -> tuple[str, str, str, str]:
    """What it is called, what its author is called where they are not named, where it stands, where it is changed."""
    place = row.place.title
    inside = actor.moderates or row.words.author_id == actor.user_id
    feedback = url_for("peer_rating.feedback", **at)
    if row.work is not None:
        number = _("Submission %(number)s", number=row.work.alias)
        href = url_for("peer_rating.work_detail", work_id=row.work.id, **at)
        title = row.words.title or _("Work in %(title)s", title=place)
        return title, number, href, url_for("peer_rating.work_edit", **at)
    if row.review is not None:
        read = url_for("peer_rating.review_read", review_id=row.review.id, **at)
        own = f"{feedback}#review-{row.review.id}"
        edit = url_for("peer_rating.review_detail", review_id=row.review.id, **at)
        number = _("Reviewer %(number)s", number=row.review.alias)
        return _("Review in %(title)s", title=place), number, read if inside else own, edit
    if row.comparison is not None:
        pair = url_for("peer_rating.pair_detail", comparison_id=row.comparison.id, **at)
        about = url_for("peer_rating.work_detail", work_id=row.comparison.low_id, **at)
        judge = row.words.author_id == actor.user_id
        href = pair if judge else about if actor.moderates else feedback
        return _("Comparison in %(title)s", title=place), _("Somebody who compared"), href, pair
    example_id = row.example.id if row.example is not None else 0
    href = url_for("peer_rating.example_try", example_id=example_id, **at)
    edit = url_for("peer_rating.setup_example", example_id=example_id, **at)
    return _("Example in %(title)s", title=place), row.author_name, edit if actor.is_staff else href, edit
