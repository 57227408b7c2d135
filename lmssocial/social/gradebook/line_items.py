"""Finding the line item of a column in the LMS, or making one. Calls the LMS, so no transaction is open meanwhile.

In this order: what we know; what the last launch of the link named (Moodle: the only thing that is right after a course
was copied); what the course's container has for the link; what it has under our own name; a new one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import ResourceLink
from lmssocial.lms.lti.services import grades, scopes
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.grades import LineItem
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.rulings import NoColumn
from lmssocial.social.gradebook.service import line_item_tag

LONGEST_LABEL = 255
"""Characters that every LMS holds."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A column, and what is known about where it is in the LMS."""

    column_id: int
    is_own: bool
    """Whether it is the placement's own; others are beside it."""
    label: str
    maximum: float
    known_url: str
    link_id: str
    """What the LMS calls the link that leads to the placement; empty if none does."""
    link_url: str
    """The line item that the link's last launch named; empty if it named none."""
    container_url: str
    may_read: bool
    may_write: bool
    resource_id: str
    tag: str


@dataclass(frozen=True)
class LineItems:
    """Where to look, for one platform."""

    make_session: Callable[[], Session]
    caller: Caller
    endpoint: Endpoint

    def find(self, column_id: int, *, lost: str = "") -> str:
        """The address of a column's line item, and keep it.

        :param lost: an address at which it is not any more.
        :raises NoColumn: if there is none and none may be made.
        :raises ServiceTrouble: if the LMS did not let us look.
        """
        with self.make_session() as session:
            wanted = _wanted(session, column_id)
        if wanted.known_url and wanted.known_url != lost:
            return wanted.known_url
        if wanted.is_own and wanted.link_url and wanted.link_url != lost:
            return self._keep(wanted, wanted.link_url, lost, is_ours=False)
        found = self._search(wanted, lost)
        if found is not None:
            return self._keep(wanted, found.url, lost, is_ours=found.resource_id == wanted.resource_id)
        return self._make(wanted, lost)

    def is_lost(self, url: str) -> bool:
        """Whether a line item is not there any more, as far as we may ask."""
        try:
            grades.read_line_item(self.caller, self.endpoint, url)
        except ServiceTrouble as trouble:
            if trouble.kind in {Kind.NOT_FOUND, Kind.FORBIDDEN, Kind.NO_TOKEN, Kind.REJECTED}:
                return True
            raise
        return False

    def _search(self, wanted: Wanted, lost: str) -> LineItem | None:
        """What the container has: for the link if it is the own column, else under our name."""
        if not wanted.container_url or not wanted.may_read:
            return None
        if wanted.is_own and wanted.link_id:
            bound = [one for one in self._listed(wanted, link_id=wanted.link_id) if one.url != lost]
            named = [one for one in bound if (one.resource_id, one.tag) == (wanted.resource_id, wanted.tag)]
            if bound:
                return (named or bound)[0]
        ours = self._listed(wanted, resource_id=wanted.resource_id, tag=wanted.tag)
        return next((one for one in ours if one.url != lost), None)

    def _listed(
        self, wanted: Wanted, *, link_id: str = "", resource_id: str = "", tag: str = ""
    ) -> list[LineItem]:
        try:
            return grades.find_line_items(
                self.caller,
                self.endpoint,
                wanted.container_url,
                resource_link_id=link_id,
                resource_id=resource_id,
                tag=tag,
                can_write=wanted.may_write,
            )
        except ServiceTrouble as trouble:
            raise _no_column(trouble) from trouble

    def _make(self, wanted: Wanted, lost: str) -> str:
        """A new line item; bound to the link only where the link has none.

        Moodle leaves the ``lineitem`` claim out of the launches of a link with two.
        """
        if not wanted.container_url:
            raise NoColumn(
                "The launches of this link name neither a line item nor a container of line items."
            )
        if not wanted.may_write:
            raise NoColumn("The platform does not grant the scope to make line items.")
        binds = wanted.is_own and wanted.link_url in {"", lost}
        draft = LineItem(
            url="",
            label=wanted.label[:LONGEST_LABEL],
            maximum=wanted.maximum,
            resource_id=wanted.resource_id,
            tag=wanted.tag,
            resource_link_id=wanted.link_id if binds else "",
        )
        try:
            made = grades.create_line_item(self.caller, self.endpoint, wanted.container_url, draft)
        except ServiceTrouble as trouble:
            raise _no_column(trouble) from trouble
        kept = self._keep(wanted, made.url, lost, is_ours=True)
        if kept != made.url:  # somebody else made one at the same time
            grades.delete_line_item(self.caller, self.endpoint, made.url)
        return kept

    def _keep(self, wanted: Wanted, url: str, lost: str, *, is_ours: bool) -> str:
        """Remember where it is, unless somebody else found it meanwhile; says what is remembered.

        What had arrived in a line item that is lost went with it, so it is due again.
        """
        with self.make_session() as session, unit_of_work(session):
            session.execute(
                update(Column)
                .where(Column.id == wanted.column_id, Column.line_item_url == wanted.known_url)
                .values(line_item_url=url, is_ours=is_ours)
            )
            if lost:
                session.execute(
                    update(Score)
                    .where(Score.column_id == wanted.column_id, Score.condition == Condition.SENT)
                    .values(condition=Condition.WAITING, next_at=clock.now())
                )
            return session.scalars(select(Column.line_item_url).where(Column.id == wanted.column_id)).one()


def _wanted(session: Session, column_id: int) -> Wanted:
    """A column with its first link and its course's services. Two queries."""
    row = session.execute(
        select(Column, Placement.uuid, CourseServices)
        .join(Placement, Placement.id == Column.placement_id)
        .outerjoin(CourseServices, CourseServices.course_id == Column.course_id)
        .where(Column.id == column_id)
    ).one()
    column, services = row.Column, row.CourseServices
    links = session.scalars(
        select(ResourceLink)
        .join(PlacementLink, PlacementLink.resource_link_id == ResourceLink.id)
        .where(PlacementLink.placement_id == column.placement_id, ResourceLink.course_id == column.course_id)
        .order_by(ResourceLink.line_item_url == "", ResourceLink.id)
        .limit(1)
    ).all()
    link = links[0] if links else None
    granted = set(services.grade_scopes.split()) if services else set()
    return Wanted(
        column_id=column.id,
        is_own=not column.tag,
        label=column.label,
        maximum=column.maximum,
        known_url=column.line_item_url,
        link_id=link.resource_link_id if link else "",
        link_url=link.line_item_url if link else "",
        container_url=services.line_items_url if services else "",
        may_read=not granted or bool(granted & {scopes.LINE_ITEM, scopes.LINE_ITEM_READONLY}),
        may_write=not granted or scopes.LINE_ITEM in granted,
        resource_id=row.uuid,
        tag=line_item_tag(column.tag),
    )


def _no_column(trouble: ServiceTrouble) -> ServiceTrouble | NoColumn:
    """A container that refuses us means that there is no column; everything else is an ordinary trouble."""
    if trouble.kind in {Kind.FORBIDDEN, Kind.REJECTED, Kind.NOT_FOUND, Kind.CONFLICT}:
        return NoColumn(trouble.says, trouble.status)
    return trouble
