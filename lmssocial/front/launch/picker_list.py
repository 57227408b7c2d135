"""What an instructor picked, as values and as rows: nothing of it is placed before they are done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch.picker_models import Selection
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.models import Placement
from lmssocial.social.communities.service import PlacementDraft

MOST = 20
"""Activities on one list."""


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One activity for the course: a new one, or one that is there."""

    widget: str
    title: str
    intro: str = ""
    points: float | None = None
    """Out of how many points people are graded; ``None`` if they are not."""
    placement_id: int | None = None
    """Of one that is there; ``None`` for a new one."""


def read(stored: JsonObject) -> tuple[Pick, ...]:
    """What stands in :attr:`~.picker_models.Selection.chosen`."""
    return tuple(Pick(**one) for one in stored.get("items", []))


def put(session: Session, selection_id: int, picks: Sequence[Pick]) -> bool:
    """Put something on the list, as far as it is not there; tells whether there was room for it."""
    row = _held(session, selection_id)
    before = read(row.chosen)
    there = {one.placement_id for one in before} - {None}
    listed = [*before, *(one for one in picks if one.placement_id not in there)]
    if len(listed) > MOST:
        return False
    _write(row, listed)
    return True


def take_off(session: Session, selection_id: int, number: int) -> None:
    """Take the activity with this number, counted from 0, off the list; what is not there is off it."""
    row = _held(session, selection_id)
    _write(row, [one for place, one in enumerate(read(row.chosen)) if place != number])


def on_list(session: Session, selection_id: int) -> tuple[Pick, ...]:
    """What is on the list now, and stays as it is until the transaction ends."""
    return read(_held(session, selection_id).chosen)


def place(session: Session, actor: Actor, pick: Pick, widgets: Mapping[str, Widget]) -> Placement:
    """Place what was picked.

    :raises NotFound: if what was there is there no more, or its kind was switched off.
    :raises NotAllowed: unless the actor is an instructor or administrator.
    """
    widget = widgets.get(pick.widget)
    if widget is None:
        raise NotFound(_("This kind of activity was switched off meanwhile."), reason=pick.widget)
    if pick.placement_id is None:
        graded = widget.graded if pick.points else None
        settings = {} if graded is None else graded({}, pick.points or 0.0)
        draft = PlacementDraft(widget=pick.widget, title=pick.title, intro=pick.intro, settings=settings)
        return communities.place(session, actor, draft)
    there = session.get(Placement, pick.placement_id)
    if there is None or there.community_id != actor.community_id:
        raise NotFound(_("One of these activities is not in this course any more."))
    return there


def already_here(session: Session, actor: Actor, kinds: Collection[str]) -> list[Pick]:
    """What is in the course and can be used once more, by title."""
    found = [one for one in communities.placements_of(session, actor.community_id) if one.widget in kinds]
    picks = [Pick(widget=one.widget, title=one.title, placement_id=one.id) for one in found]
    return sorted(picks, key=lambda pick: pick.title.casefold())


def _held(session: Session, selection_id: int) -> Selection:
    """Locked, so that of two tabs neither loses what the other put on the list."""
    return session.scalars(
        select(Selection)
        .where(Selection.id == selection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _write(row: Selection, picks: Sequence[Pick]) -> None:
    items: list[dict[str, Any]] = [asdict(one) for one in picks]
    row.chosen = {"items": items}
