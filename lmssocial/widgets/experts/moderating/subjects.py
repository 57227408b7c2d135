"""What is shown of words that somebody decides about or reports."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.hooks import ReplyTo
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.ports import Subject
from lmssocial.widgets.experts.models import Answer, Message, Question
from lmssocial.widgets.experts.moderating.reading import words_seen_by

_Asked, _Said = aliased(Contribution), aliased(Contribution)
_Question, _About = aliased(Question), aliased(Question)

_ABOUT: ColumnElement[int | None] = func.coalesce(Answer.question_id, Message.question_id)
"""The question that an answer or a message is about."""


def subjects(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
    """What the actor sees of some words. One query."""
    rows = session.execute(
        select(
            Contribution,
            User.name,
            Placement.id.label("placement_id"),
            Placement.title.label("place"),
            _Question.id.label("question_id"),
            _About.id.label("about_id"),
            _Asked.title.label("about_title"),
            Answer.contribution_id.label("answer_id"),
            Message.introduction_id,
        )
        .join(User, User.id == Contribution.author_id)
        .join(Placement, Placement.id == Contribution.placement_id)
        .outerjoin(_Question, _Question.contribution_id == Contribution.id)
        .outerjoin(Answer, Answer.contribution_id == Contribution.id)
        .outerjoin(Message, Message.contribution_id == Contribution.id)
        .outerjoin(_About, _About.id == _ABOUT)
        .outerjoin(_Asked, _Asked.id == _About.contribution_id)
        .where(Contribution.id.in_(contribution_ids), words_seen_by(actor))
    )
    return {row.Contribution.id: _subject(row) for row in rows}


def _subject(row: Any) -> Subject:
    words: Contribution = row.Contribution
    title, href, edit_href = _about(row, words)
    return Subject(
        contribution_id=words.id,
        title=title,
        author_name=row.name,
        author_role=words.author_role,
        html=words.html,
        href=href,
        edit_href=edit_href,
    )


def _about(row: Any, words: Contribution) -> tuple[str, str, str]:
    """What it is called, where it stands, and where its author changes it."""
    at = {"placement_id": row.placement_id}
    if row.question_id is not None:
        page = url_for("experts.question_detail", question_id=row.question_id, **at)
        edit = url_for("experts.question_edit", question_id=row.question_id, **at)
        return words.title, page, edit
    if row.about_id is not None:
        page = url_for("experts.question_detail", question_id=row.about_id, **at)
        edit = url_for("experts.answer_edit", answer_id=words.id, **at)
        kind = (
            _("Answer to: %(title)s", title=row.about_title)
            if row.answer_id
            else _("Message about: %(title)s", title=row.about_title)
        )
        return kind, f"{page}#said-{words.id}", edit
    if row.introduction_id is not None:
        page = url_for("experts.introduction_detail", introduction_id=row.introduction_id, **at)
        return _("Message after an introduction"), page, page
    page = url_for("experts.expert_detail", user_id=words.author_id, **at)
    return _("What %(name)s says of themselves", name=row.name), page, url_for("experts.profile_edit", **at)


def answered(session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
    """The questions that answers and messages are about, as policies see them. One query."""
    rows = session.execute(
        select(
            _Said.id,
            _Said.created_at,
            _Asked.author_id,
            _Asked.author_role,
            func.coalesce(_Asked.published_at, _Asked.created_at).label("asked_at"),
        )
        .outerjoin(Answer, Answer.contribution_id == _Said.id)
        .outerjoin(Message, Message.contribution_id == _Said.id)
        .join(Question, Question.id == _ABOUT)
        .join(_Asked, _Asked.id == Question.contribution_id)
        .where(_Said.id.in_(contribution_ids))
    )
    return {
        row.id: ReplyTo(
            author_id=row.author_id,
            author_role=row.author_role,
            seconds_since=max(0.0, (row.created_at - row.asked_at).total_seconds()),
        )
        for row in rows
    }
