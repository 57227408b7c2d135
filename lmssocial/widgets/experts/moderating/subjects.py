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

_ABOUT: ColumnElement[int | None] = func.coalesce(Answer.question_id, Message.question_id)
"""The question that an answer or a message is about."""


def subjects(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
    """What the actor sees of some words. One query."""
    asked = aliased(Contribution)
    question, about = aliased(Question), aliased(Question)
    rows = session.execute(
        select(
            Contribution,
            User.name,
            Placement.id.label("placement_id"),
            Placement.title.label("place"),
            question.id.label("question_id"),
            about.id.label("about_id"),
            asked.title.label("about_title"),
            Answer.contribution_id.label("answer_id"),
            Message.introduction_id,
        )
        .join(User, User.id == Contribution.author_id)
        .join(Placement, Placement.id == Contribution.placement_id)
        .outerjoin(question, question.contribution_id == Contribution.id)
        .outerjoin(Answer, Answer.contribution_id == Contribution.id)
        .outerjoin(Message, Message.contribution_id == Contribution.id)
        .outerjoin(about, about.id == _ABOUT)
        .outerjoin(asked, asked.id == about.contribution_id)
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
    asked, said = aliased(Contribution), aliased(Contribution)
    rows = session.execute(
        select(
            said.id,
            said.created_at,
            asked.author_id,
            asked.author_role,
            func.coalesce(asked.published_at, asked.created_at).label("asked_at"),
        )
        .outerjoin(Answer, Answer.contribution_id == said.id)
        .outerjoin(Message, Message.contribution_id == said.id)
        .join(Question, Question.id == _ABOUT)
        .join(asked, asked.id == Question.contribution_id)
        .where(said.id.in_(contribution_ids))
    )
    return {
        row.id: ReplyTo(
            author_id=row.author_id,
            author_role=row.author_role,
            seconds_since=max(0.0, (row.created_at - row.asked_at).total_seconds()),
        )
        for row in rows
    }
