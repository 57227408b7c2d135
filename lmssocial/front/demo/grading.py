"""The first discussion is graded: some learners have chosen a post, and the teacher has given back most of the grades.

Nothing is written into the LMS from here. The worker sends what was given back, as it does anywhere.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.lti import launch as lti
from lmssocial.lms.lti.services import scopes
from lmssocial.widgets.discussion.grading import access, posts, rubric, service
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft
from lmssocial.widgets.discussion.grading.seen import seen

MAXIMUM = sum(criterion.most for criterion in rubric.starting_points())
"""Points of the starting rubric; the column of the LMS is out of as many."""
GRADES = (
    (
        (0, 0, 0),
        "You take up what others wrote and put it to the test. Keep the examples from your own work coming.",
    ),
    ((0, 1, 1), "A clear question that others could build on."),
    ((1, 0, 1), "What you tried and what came of it helps everybody. Say next time how far it holds."),
    ((1, 1, 0), "You answered the point that was made, and fairly."),
    ((1, 2, 1), "I should like to read what your opinion rests on."),
    ((0, 1, 0), ""),
)
"""For learners in turn: the level by each criterion (0 is the best) and a comment. The last is not given back yet."""
CHOOSE_ALSO = 4
"""So many more have chosen a post and wait."""


def grades_of(issuer: str, course_id: str) -> lti.Grades:
    """The grade service as launches from the demo LMS name it."""
    return lti.Grades(
        scopes=frozenset({scopes.LINE_ITEM, scopes.LINE_ITEM_READONLY, scopes.RESULT_READONLY, scopes.SCORE}),
        line_items_url=f"{issuer}/lti/courses/{course_id}/line-items",
    )


def grade_some(session: Session, teacher: Actor, people: Iterable[Actor], placement_id: int) -> None:
    """Let the teacher set up the rubric, learners choose their newest post, and the teacher grade some of them."""
    criteria = rubric.starting_points()
    service.set_up(session, teacher, placement_id, SetupDraft(choose=1, rubric=criteria))
    session.flush()
    chosen: list[tuple[int, int]] = []
    for learner in people:
        if len(chosen) == len(GRADES) + CHOOSE_ALSO:
            break
        mine = posts.own(session, placement_id, learner.user_id) if access.is_graded(learner) else ()
        if mine:
            service.choose(session, learner, placement_id, [mine[0].id])
            chosen.append((learner.user_id, mine[0].id))
    session.flush()
    for number, ((user_id, post_id), (levels, comment)) in enumerate(zip(chosen, GRADES, strict=False)):
        draft = GradeDraft(
            user_id=user_id,
            levels=levels,
            comment=comment,
            seen=seen(0, {post_id}, criteria),
            give_back=number < len(GRADES) - 1,
        )
        service.grade(session, teacher, placement_id, draft)
