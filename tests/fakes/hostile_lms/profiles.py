"""Habits of real products, as research and their own source say. Anything not listed is as the standard wants it."""

from lmssocial.front.demo.lms.quirks import Quirks


def plain() -> Quirks:
    """A platform by the book, with differences."""
    return Quirks(family="plain", tells_differences=True)


def moodle() -> Quirks:
    """Moodle 4.5.

    Scores: 409 at a stamp that is not later by whole seconds, or comes from the future; the grade is erased by anything
    but ``FullyGraded``; 400 for staff and strangers. Line items have ``?type_id=``, their pages are linked in curly
    quotes with ``&amp;``, media types must be exact. Results with a ``limit`` end in 500. Assertions get no
    second of leeway. The roster says ``Learner`` in short, and of assistants, too. Who names no page gets all.
    """
    return Quirks(
        family="moodle",
        page=10_000,
        largest_page=10_000,
        curly_links=True,
        short_roles=True,
        assistants_are_learners=True,
        unresolved=("$ResourceLink.id.history",),
        item_query="type_id=1",
        whole_seconds=True,
        refuses_future=True,
        erases_unless_final=True,
        exact_types=True,
        strange_person=400,
        strange_person_says="Incorrect score received",
        refuses_staff=True,
        results_break_on_limit=True,
        leeway=0,
    )


def canvas() -> Quirks:
    """Canvas: 403 without a ``User-Agent``, pages of 50 at most, custom numbers, no scope too many for a token.

    The id of the course is a link to all of it (its ``course_rlid``). A score that is not newer is refused with 400.
    """
    return Quirks(
        family="canvas",
        page=10,
        largest_page=50,
        course_is_link=True,
        custom_numbers=True,
        strict_scopes=True,
        needs_user_agent=True,
        stale_status=400,
        stale_says="Provided timestamp of 2026-03-02 before last updated timestamp of 2026-03-03",
        strange_person=422,
        strange_person_says="User not found in course or is not a student",
        refuses_staff=True,
    )


def blackboard() -> Quirks:
    """Blackboard: 400 for strangers, and results of one person come without comments."""
    return Quirks(
        family="BlackboardLearn",
        strange_person=400,
        strange_person_says="User could not be found",
        filter_drops_comments=True,
    )


def brightspace() -> Quirks:
    """Brightspace: assertions are addressed to a constant, and to nobody beside it."""
    return Quirks(
        family="desire2learn",
        token_audience="https://api.brightspace.com/auth/token",
        single_audience=True,
        strange_person=403,
        strange_person_says="The user is not enrolled",
    )
