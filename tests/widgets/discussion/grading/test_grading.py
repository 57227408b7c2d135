"""Staff grade by the rubric; learners see what was returned, and nothing before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.core.kernel.spreadsheets import harmless
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.rubrics import criteria as rubrics
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.discussion.grading import queries, rubric, service
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft
from lmssocial.widgets.discussion.grading.export import as_csv
from lmssocial.widgets.discussion.grading.mine import mine
from lmssocial.widgets.discussion.grading.queries import LearnerWork, Stage
from lmssocial.widgets.discussion.models import Grade
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.discussion import PostThread, Reply, events
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries

GradeIt = Callable[..., Grade]


@pytest.fixture
def work_of(session: Session, place: Place, tom: Actor) -> Callable[[Actor], LearnerWork]:
    """A learner as the instructor sees them now: ``work_of(ana)``."""

    def look(learner: Actor) -> LearnerWork:
        session.flush()
        settings = DiscussionSettings.read(place.placement.settings)
        return queries.learner_work(session, tom, place.placement.id, learner.user_id, settings)

    return look


@pytest.fixture
def grade_it(session: Session, place: Place, work_of: Callable[[Actor], LearnerWork]) -> GradeIt:
    """Grade somebody as they are now: ``grade_it(tom, ana, (0, 1, 2), give_back=True)``."""

    def grade(by: Actor, learner: Actor, levels: tuple[int, ...] = (0, 1, 2), **more: Any) -> Grade:
        seen = more.pop("seen", None) or work_of(learner).seen
        draft = GradeDraft(
            user_id=learner.user_id,
            levels=levels,
            comment=more.pop("comment", "Well argued."),
            seen=seen,
            give_back=more.pop("give_back", False),
        )
        return service.grade(session, by, place.placement.id, draft)

    return grade


def test_a_grade_keeps_the_words_it_was_given_by(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    grade_it: GradeIt,
    work_of: Callable[[Actor], LearnerWork],
) -> None:
    row = grade_it(tom, ana, (0, 1, 3))
    assert (row.points, rubrics.most_of(row.levels)) == (5.0, 9.0)

    other = Criterion(title="Something else", levels=(("Yes", 40.0), ("No", 0.0)))
    service.set_up(session, tom, place.placement.id, SetupDraft(choose=2, rubric=(other,)))
    work = work_of(ana)
    assert work.rubric_changed
    assert [line.points for line in work.reached] == [3.0, 2.0, 0.0]
    assert (work.points, work.most, work.found_again) == (5.0, 9.0, (None,))


@given(
    st.lists(
        st.tuples(
            st.lists(
                st.floats(0, 1000, allow_nan=False).map(lambda points: round(points, 2)),
                min_size=2,
                max_size=6,
            ),
            st.integers(0, 5),
        ),
        max_size=8,
    )
)
def test_the_points_are_the_sum_of_the_chosen_levels(lines: list[tuple[list[float], int]]) -> None:
    criteria = [
        Criterion(
            title=f"Criterion {number}",
            levels=tuple((f"Level {level}", points) for level, points in enumerate(levels)),
        )
        for number, (levels, _chosen) in enumerate(lines)
    ]
    chosen = [index % len(levels) for levels, index in lines]
    kept = rubrics.kept(criteria, chosen)
    in_hundredths = sum(round(levels[index % len(levels)] * 100) for levels, index in lines)

    assert round(rubrics.points_of(kept) * 100) == in_hundredths
    assert rubrics.points_of(kept) <= rubrics.most_of(kept)
    assert rubrics.found_again(criteria, kept) == tuple(chosen)


def test_a_learner_sees_their_grade_once_it_is_returned_and_nothing_before(
    session: Session, place: Place, ana: Actor, tom: Actor, grade_it: GradeIt
) -> None:
    grade_it(tom, ana)
    session.flush()
    before = mine(session, ana, place.placement)
    assert before.is_graded
    assert before.grade is None
    assert "Well argued" not in repr(before)

    grade_it(tom, ana, give_back=True)
    session.flush()
    shown = mine(session, ana, place.placement).grade
    assert shown is not None
    assert (shown.points, shown.most, shown.comment, shown.grader_name) == (6, 9, "Well argued.", "Tom Berg")


def test_a_grade_that_is_changed_is_hidden_until_it_is_returned_again(
    session: Session, place: Place, ana: Actor, tom: Actor, grade_it: GradeIt
) -> None:
    grade_it(tom, ana, give_back=True)
    grade_it(tom, ana, (3, 3, 3))
    session.flush()

    assert mine(session, ana, place.placement).grade is None


def test_nobody_sees_the_grade_of_anybody_else(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    graded: DiscussionSettings,
    grade_it: GradeIt,
) -> None:
    grade_it(tom, ana, give_back=True)
    session.flush()
    assert mine(session, ben, place.placement).grade is None
    assistant = make_person(session, place, "Tia", LmsRole.TEACHING_ASSISTANT)
    stranger = make_person(session, make_place(session, beside=place), "Eve", LmsRole.INSTRUCTOR)
    for person, refusal in ((ben, NotAllowed), (assistant, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            queries.learners(session, person, place.placement.id)
        with pytest.raises(refusal):
            queries.learner_work(session, person, place.placement.id, ana.user_id, graded)
        with pytest.raises(refusal):
            list(queries.everybody(session, person, place.placement.id))
        with pytest.raises(refusal):
            grade_it(person, ana, seen="0.x.y")
        with pytest.raises(refusal):
            service.return_all(session, person, place.placement.id, seen_until=the_clock.now())
        with pytest.raises(refusal):
            service.set_up(session, person, place.placement.id, SetupDraft(choose=0, rubric=()))


def test_somebody_of_another_course_cannot_be_graded_here(
    session: Session, place: Place, tom: Actor, graded: DiscussionSettings
) -> None:
    outsider = make_person(session, make_place(session, beside=place), "Eve")
    draft = GradeDraft(user_id=outsider.user_id, levels=(0, 0, 0), comment="", seen="", give_back=True)
    with pytest.raises(NotFound):
        service.grade(session, tom, place.placement.id, draft)
    with pytest.raises(NotFound):
        queries.learner_work(session, tom, place.placement.id, outsider.user_id, graded)
    for colleague in (tom, make_person(session, place, "Uma", LmsRole.INSTRUCTOR)):
        with pytest.raises(NotFound):
            service.grade(session, tom, place.placement.id, replace(draft, user_id=colleague.user_id))


def test_two_graders_do_not_save_over_each_other(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    grade_it: GradeIt,
    work_of: Callable[[Actor], LearnerWork],
) -> None:
    uma = make_person(session, place, "Uma", LmsRole.INSTRUCTOR)
    seen = work_of(ana).seen
    grade_it(tom, ana, seen=seen)
    with pytest.raises(Conflict, match="graded this learner"):
        grade_it(uma, ana, (3, 3, 3), seen=seen)
    session.flush()

    assert session.scalars(select(Grade)).one().points == 6
    grade_it(uma, ana, (3, 3, 3))
    assert session.scalars(select(Grade)).one().grader_id == uma.user_id


def test_a_grade_is_not_saved_for_posts_or_a_rubric_the_grader_has_not_seen(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    graded: DiscussionSettings,
    grade_it: GradeIt,
    work_of: Callable[[Actor], LearnerWork],
    post_thread: PostThread,
) -> None:
    post = post_thread(ana).post_id
    seen = work_of(ana).seen
    service.choose(session, ana, place.placement.id, [post])
    session.flush()
    with pytest.raises(Conflict, match="chose other posts"):
        grade_it(tom, ana, seen=seen)
    seen = work_of(ana).seen
    turned = tuple(replace(line, levels=tuple(reversed(line.levels))) for line in graded.rubric)
    service.set_up(session, tom, place.placement.id, SetupDraft(choose=2, rubric=turned))
    with pytest.raises(Conflict, match="rubric"):
        grade_it(tom, ana, seen=seen)
    with pytest.raises(Conflict):
        grade_it(tom, ana, seen="made up")


def test_the_log_says_what_the_grade_service_needs_and_no_words(
    session: Session, place: Place, ana: Actor, tom: Actor, grade_it: GradeIt
) -> None:
    grade_it(tom, ana)
    grade_it(tom, ana, (0, 0, 0), give_back=True)
    payload = {"placement_id": place.placement.id, "user_id": ana.user_id, "most": 9.0}

    assert events(session)[-3:] == [
        ("discussion.graded", tom.user_id, {**payload, "points": 6.0}),
        ("discussion.graded", tom.user_id, {**payload, "points": 9.0}),
        ("discussion.grade_returned", tom.user_id, {**payload, "points": 9.0}),
    ]


def test_all_are_returned_that_the_instructor_had_before_them(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    grade_it: GradeIt,
    clock: Any,
) -> None:
    grade_it(tom, ana)
    session.flush()
    newest = queries.learners(session, tom, place.placement.id).newest
    assert newest == the_clock.now()
    clock.tick(60)
    grade_it(tom, ben)
    session.flush()
    done = service.return_all(session, tom, place.placement.id, seen_until=newest)
    session.flush()

    assert (done.returned, done.left) == (1, 1)
    assert mine(session, ana, place.placement).grade is not None
    assert mine(session, ben, place.placement).grade is None
    returned = [payload for name, _by, payload in events(session) if name == "discussion.grade_returned"]
    assert [payload["user_id"] for payload in returned] == [ana.user_id]
    again = service.return_all(session, tom, place.placement.id, seen_until=newest)
    assert (again.returned, again.left) == (0, 1)


def test_the_list_shows_learners_by_name_and_how_far_they_are(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    grade_it: GradeIt,
    post_thread: PostThread,
) -> None:
    cem, dia = make_person(session, place, "Cem Kaya"), make_person(session, place, "Dia Roy")
    gone = make_person(session, place, "Eva Gone")
    make_person(session, place, "Tia", LmsRole.TEACHING_ASSISTANT)
    session.scalars(select(Membership).where(Membership.user_id == gone.user_id)).one().active = False
    service.choose(session, ben, place.placement.id, [post_thread(ben).post_id])
    grade_it(tom, cem)
    grade_it(tom, dia, give_back=True)
    session.flush()
    page = queries.learners(session, tom, place.placement.id)

    assert [(row.name, row.stage) for row in page.learners] == [
        ("Ana Ruiz", Stage.NOTHING),
        ("Ben Okoro", Stage.CHOSEN),
        ("Cem Kaya", Stage.GRADED),
        ("Dia Roy", Stage.RETURNED),
    ]
    assert page.counts == dict.fromkeys(Stage, 1)
    first = page.learners[0].user_id
    assert (first, page.first_open) == (ana.user_id, ben.user_id)  # Ana left nothing to read
    only = queries.learners(session, tom, place.placement.id, stage=Stage.GRADED)
    assert [row.name for row in only.learners] == ["Cem Kaya"]
    later = queries.learners(session, tom, place.placement.id, after=ben.user_id)
    assert [row.name for row in later.learners] == ["Cem Kaya", "Dia Roy"]


def test_the_list_goes_on_where_the_page_ended(
    session: Session,
    place: Place,
    tom: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "LEARNERS", 2)
    same = [make_person(session, place, "Kim Lee") for _ in range(3)]
    make_person(session, place, "Abe")
    seen, after = [], 0
    while True:
        page = queries.learners(session, tom, place.placement.id, after=after)
        seen += [row.user_id for row in page.learners]
        if page.after is None:
            break
        after = page.after

    assert seen[1:] == [actor.user_id for actor in same]
    assert len(seen) == 4


def test_previous_and_next_lead_to_learners_without_a_grade(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    grade_it: GradeIt,
    work_of: Callable[[Actor], LearnerWork],
    post_thread: PostThread,
) -> None:
    cem, dia = make_person(session, place, "Cem Kaya"), make_person(session, place, "Dia Roy")
    grade_it(tom, cem)
    assert (work_of(ben).before, work_of(ben).after) == (ana.user_id, dia.user_id)
    assert (work_of(ana).before, work_of(dia).after) == (None, None)
    service.choose(session, dia, place.placement.id, [post_thread(dia).post_id])
    assert (work_of(ana).after, work_of(ben).after) == (dia.user_id, dia.user_id)


def test_a_grader_reads_what_was_answered_and_the_latest_of_who_chose_nothing(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    work_of: Callable[[Actor], LearnerWork],
) -> None:
    opening = post_thread(ben, "How do *you* open?", title="Openings")
    answer = reply(ana, opening.post_id, "With a question.")
    assert [post.id for post in work_of(ana).latest] == [answer.post_id]
    service.choose(session, ana, place.placement.id, [answer.post_id])
    work = work_of(ana)

    assert work.latest == ()
    (post,) = work.chosen
    assert (post.thread_title, post.answers, post.answered) == ("Openings", "Ben Okoro", "How do you open?")
    assert "With a question." in post.html


def test_pages_of_graders_take_as_many_queries_for_many_as_for_few(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    grade_it: GradeIt,
    post_thread: PostThread,
    count_queries: Callable[[], Any],
) -> None:
    def cost() -> tuple[int, int]:
        session.flush()
        session.expire_all()
        settings = DiscussionSettings.read(place.placement.settings)
        with count_queries() as listing:
            queries.learners(session, tom, place.placement.id)
        with count_queries() as looking:
            queries.learner_work(session, tom, place.placement.id, ana.user_id, settings)
        return _number(listing), _number(looking)

    service.choose(session, ana, place.placement.id, [post_thread(ana).post_id])
    few = cost()
    for number in range(30):
        somebody = make_person(session, place, f"Learner {number:02}")
        service.choose(session, somebody, place.placement.id, [post_thread(somebody).post_id])
        grade_it(tom, somebody)
    service.choose(session, ana, place.placement.id, [post_thread(ana).post_id, post_thread(ana).post_id])

    assert cost() == few
    assert few[0] <= 4
    assert few[1] <= 6


def _number(queries_sent: Queries) -> int:
    return len(queries_sent.statements)


def test_no_cell_of_the_file_is_a_formula(
    session: Session, place: Place, tom: Actor, grade_it: GradeIt
) -> None:
    mallory = make_person(session, place, '=HYPERLINK("http://evil.example","Ana")')
    grade_it(tom, mallory, comment='@SUM(1+1), "quoted"\nand a second line')
    session.flush()
    text = as_csv(queries.everybody(session, tom, place.placement.id))

    assert text.startswith("\ufeffName,")
    assert '"\'=HYPERLINK(""http' in text
    assert "\"'@SUM(1+1)" in text
    assert "6,9" in text


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_what_begins_like_a_formula_is_quoted(begin: str) -> None:
    assert harmless(f"{begin}1") == f"'{begin}1"
    assert harmless(f"1{begin}") == f"1{begin}"


def test_other_settings_of_the_discussion_stay_when_grading_is_set(
    session: Session, place: Place, tom: Actor
) -> None:
    closing = DiscussionSettings(post_first=True, locks_at=datetime(2026, 5, 1, tzinfo=UTC) + timedelta(1))
    place.placement.settings = closing.as_json()
    session.flush()
    service.set_up(session, tom, place.placement.id, SetupDraft(choose=3, rubric=rubric.starting_points()))
    kept = DiscussionSettings.read(place.placement.settings)

    assert replace(kept, choose=0, rubric=()) == closing
    assert (kept.choose, kept.rubric, kept.most) == (3, rubric.starting_points(), 9.0)
