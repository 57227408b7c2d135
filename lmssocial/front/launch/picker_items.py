"""What goes back to the LMS: placements as links, and a word about how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Widget
from lmssocial.lms.lti.deep_linking import LineItem, LinkItem
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.gradebook.service import OWN_TAG

TOGETHER = "together"
"""The custom parameter of a link that an instructor wants to lead where another link of the course leads."""

DUE = ("due_at", "submit_due_at", "locks_at")
"""The settings that say until when people take part, by the names that widgets give them; the first that is set counts.
An LMS hides what is no longer available, and what is closed here can still be read, so neither is told as that."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Our addresses that stand in a link."""

    launch_url: str
    icon_url: str


def items(
    session: Session, placed: Sequence[tuple[Placement, bool]], widgets: Mapping[str, Widget], tool: Tool
) -> list[LinkItem]:
    """Placements as links.

    :param placed: each with whether it was there already, so that one more link leads to it.
    """
    linked = set(
        session.scalars(
            select(PlacementLink.placement_id).where(
                PlacementLink.placement_id.in_([placement.id for placement, _again in placed])
            )
        )
    )
    return [
        _item(
            placement,
            tool,
            again=again,
            graded_by=None if placement.id in linked else widgets.get(placement.widget),
        )
        for placement, again in placed
    ]


def _item(placement: Placement, tool: Tool, *, again: bool, graded_by: Widget | None) -> LinkItem:
    """:param graded_by: ``None`` where another link has brought the column along already."""
    return LinkItem(
        title=placement.title,
        url=tool.launch_url,
        text=placement.intro,
        icon_url=tool.icon_url,
        custom={
            "placement": placement.uuid,
            "widget": placement.widget,
            **({TOGETHER: "yes"} if again else {}),
        },
        line_item=_line_item(placement, graded_by),
        due_at=_due(placement.settings),
    )


def _line_item(placement: Placement, widget: Widget | None) -> LineItem | None:
    column = widget.line_item(placement.settings) if widget is not None and widget.line_item else None
    if widget is None or column is None:
        return None
    return LineItem(
        label=placement.title,
        maximum=column.maximum,
        resource_id=placement.uuid,
        tag=OWN_TAG,
        reviewed=widget.review is not None,
    )


def _due(settings: JsonObject) -> datetime | None:
    for name in DUE:
        try:
            return datetime.fromisoformat(settings[name])
        except (KeyError, TypeError, ValueError):
            continue
    return None
