"""``lmssocial reporting …``: how far the logs of courses have been read, and having everything derived anew."""

import click
from sqlalchemy import select

from lmssocial.plugin import Work
from lmssocial_reporting.evidence import following
from lmssocial_reporting.evidence.forgetting import forget_erased
from lmssocial_reporting.evidence.standing import standing_of
from lmssocial_reporting.models import FollowedCourse


@click.command("status")
@click.pass_obj
def status(work: Work) -> None:
    """Say of each course how far its log has been read."""
    on = work.courses_on()
    if not on:
        click.echo("The report is on in no course.")
    with work.reading() as session:
        rows = {row.course_id: row for row in session.scalars(select(FollowedCourse))}
        for course_id in on:
            row, standing = rows.get(course_id), standing_of(session, [course_id])
            if row is None:
                click.echo(f"Course {course_id}: not begun. The worker begins it.")
                continue
            how = "behind" if standing.behind else "read"
            read = f"up to event {row.read_up_to}, days in {row.zone or 'no zone yet'}"
            since = f"since {row.begins_on}" if row.begins_on else "nothing happened yet"
            click.echo(f"Course {course_id}: {how}, {read}, {since}.")


@click.command("rebuild")
@click.option(
    "--course", "course_id", type=int, help="Only this course; otherwise all in which the report is on."
)
@click.pass_obj
def rebuild(work: Work, course_id: int | None) -> None:
    """Read the logs of courses from their beginning and derive all evidence anew.

    What people withhold stays withheld, and published reports stay as they are. Pages say meanwhile that not everything
    was read yet. It may be stopped at any time: the worker goes on with it.
    """
    on = work.courses_on()
    if course_id is not None and course_id not in on:
        raise click.ClickException(f"The report is not on in course {course_id}.")
    for wanted in on if course_id is None else [course_id]:
        with work.unit_of_work() as session:
            following.replay(session, wanted)
        steps = _through(work, wanted)
        click.echo(f"Course {wanted}: derived anew in {steps} steps.")


def _through(work: Work, course_id: int) -> int:
    """Do all there is to do in a course, in one short transaction after the other; how many it took."""
    with work.reading() as session:
        tenant_id = following.tenant_of(session, course_id)
    steps, done = 0, False
    while not done:
        if forget_erased(work):
            continue
        settings = work.settings(tenant_id=tenant_id, course_id=course_id)
        if settings is None:  # switched off a moment ago
            break
        with work.unit_of_work() as session:
            done = following.catch_up(session, course_id, settings)
        steps += 1
    return steps


COMMANDS = (status, rebuild)
