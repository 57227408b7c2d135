"""``lmssocial import-discussion``: for files that are too large for a browser."""

import hashlib
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Protocol

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Problem
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF, LmsRole
from lmssocial.social.communities.models import Community, Placement
from lmssocial.widgets.discussion.access import WIDGET
from lmssocial.widgets.discussion.importing import making, saying, service
from lmssocial.widgets.discussion.importing.readers import read
from lmssocial.widgets.discussion.importing.service import Arrived, Prospect


class Console(Protocol):
    """What this command needs of the command line."""

    def engine(self) -> Engine:
        """An engine on the installation's database."""


@click.command(name="import-discussion")
@click.argument("placement", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option(
    "--former-members", is_flag=True, help="Match nobody: show all authors as former members of the course."
)
@click.pass_obj
def import_discussion(
    console: Console, placement: int, file: Path, *, dry_run: bool, former_members: bool
) -> None:
    """Bring a past discussion from FILE into the discussion at PLACEMENT, the number in its address (/w/PLACEMENT/).

    FILE is a Moodle backup (.mbz), topics of Discourse (.json, or several in a .zip), or a table (.csv).
    """
    try:
        with Session(console.engine()) as session, file.open("rb") as opened:
            _run(session, placement, opened, file.name, dry_run=dry_run, former=former_members)
    except Problem as problem:
        raise click.ClickException(problem.message or problem.reason) from problem


def _run(
    session: Session, placement_id: int, opened: BufferedReader, name: str, *, dry_run: bool, former: bool
) -> None:
    actor = _somebody_of_staff(session, placement_id)
    digest = hashlib.file_digest(opened, "sha256").hexdigest()
    service.refuse_twice(session, placement_id, digest)
    prospect = service.look(session, actor, placement_id, read(opened))
    chosen: Mapping[str, int | None] = {one.person.key: None for one in prospect.matches} if former else {}
    _tell(prospect, chosen)
    if dry_run:
        click.echo("Nothing was changed.")
        return
    cooked = making.cook(prospect.arrangement)
    arrived = Arrived(source=prospect.arrangement.source, file_name=name, digest=digest, storage_key=None)
    with unit_of_work(session):
        row = service.keep(session, actor, placement_id, arrived)
        service.make(session, actor, row, prospect, chosen, cooked)
    click.echo(
        f"Brought in, in the name of {actor.name}. "
        "It can be taken back in the discussion, under Bring in a past discussion."
    )


def _tell(prospect: Prospect, chosen: Mapping[str, int | None]) -> None:
    arrangement = prospect.arrangement
    click.echo(
        f"{len(arrangement.threads)} threads, {arrangement.post_count} posts, {len(arrangement.people)} people."
    )
    for line in saying.lost(arrangement.losses):
        click.echo(f"  {line.number:>6}  {line.what}: {line.becomes}")
    if arrangement.missing_groups:
        click.echo(f"Groups that do not exist here: {', '.join(arrangement.missing_groups)}")
    for one in prospect.matches:
        member = None if one.person.key in chosen else one.member
        who = f"{member.name} (member {member.id})" if member else "former member"
        click.echo(f"  {one.person.name}: {who}. {saying.reason(one)}")


def _somebody_of_staff(session: Session, placement_id: int) -> Actor:
    """The member of staff in whose name it is done: who placed the discussion, or else was there last.

    :raises click.ClickException: if there is no such discussion, or nobody.
    """
    place = session.execute(
        select(Placement.created_by_id, Community.course_id, Community.id, Community.tenant_id)
        .join(Community, Community.id == Placement.community_id)
        .where(Placement.id == placement_id, Placement.widget == WIDGET)
    ).first()
    if place is None:
        raise click.ClickException(f"There is no discussion at placement {placement_id}.")
    rows = session.execute(
        select(User.id, User.name, Membership.roles)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == place.course_id, Membership.active.is_(True))
        .order_by(Membership.last_launch_at.desc().nulls_last(), User.id)
    )
    staff = [
        Actor(
            user_id=row.id,
            name=row.name,
            tenant_id=place.tenant_id,
            course_id=place.course_id,
            community_id=place.id,
            roles=roles,
        )
        for row in rows
        if (roles := frozenset(LmsRole(role) for role in row.roles.split())) & STAFF
    ]
    if not staff:
        raise click.ClickException(
            "No instructor has opened this course yet. Let one open the discussion from the LMS first."
        )
    return next((one for one in staff if one.user_id == place.created_by_id), staff[0])
