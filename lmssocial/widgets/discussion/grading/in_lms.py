"""Where a discussion's grades meet the LMS: its column, the page its gradebook leads to, who hears of trouble."""

from dataclasses import replace

from flask import url_for
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import LineItemDraft
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion.grading import access, rubric
from lmssocial.widgets.discussion.models import Grade
from lmssocial.widgets.discussion.settings import DiscussionSettings


def line_item(settings: JsonObject) -> LineItemDraft | None:
    """The column of a discussion with these settings; ``None`` if nothing in it is graded."""
    read = DiscussionSettings.read(settings)
    return LineItemDraft(maximum=read.most) if read.choose and read.most > 0 else None


def graded(settings: JsonObject, points: float) -> JsonObject:
    """These settings, with each learner choosing one post and a rubric that gives up to ``points``."""
    read = DiscussionSettings.read(settings)
    return {**settings, **replace(read, choose=1, rubric=rubric.worth(points)).as_json()}


def review_path(actor: Actor, placement_id: int, user_id: int) -> str:
    """Where the actor looks at somebody's work: graders at everybody's, learners at their own; empty for others."""
    if access.may_grade(actor):
        return url_for("discussion.grading_detail", placement_id=placement_id, user_id=user_id)
    if access.is_graded(actor) and actor.user_id == user_id:
        return url_for("discussion.best_posts", placement_id=placement_id)
    return ""


def graders(session: Session, placement_id: int, user_id: int) -> set[int]:
    """Whoever gave the grade that did not arrive; nobody if it is not a discussion's."""
    grade = session.get(Grade, (placement_id, user_id))
    return set() if grade is None else {grade.grader_id}
