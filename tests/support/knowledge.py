"""Answers published as knowledge in a discussion, as another widget would have it done."""

from typing import Any

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.knowledge import service
from lmssocial.social.knowledge.ports import Entry, Home, Text
from lmssocial.social.knowledge.service import Origin, Publication
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.discussion.knowing import KnownPosts
from tests.support.discussion import let_pass
from tests.support.people import Place

TITLE = "How do I read a capability study?"


def publish(
    session: Session,
    place: Place,
    asker: Actor,
    answerer: Actor,
    *,
    by: Actor | None = None,
    screen: Screen = let_pass,
    title: str = TITLE,
    **origin: Any,
) -> Publication:
    """``asker`` asked, ``answerer`` answered, and ``by`` (the asker, if nobody is named) publishes it."""
    entry = Entry(
        title=title,
        question=Text(author=asker, source="The report says Cpk 0.8. Is that bad?"),
        answer=Text(author=answerer, source="Below 1 it is: *centre the process* first."),
    )
    home = Home(placement_id=place.placement.id, title="")
    path = f"/w/{place.placement.id}/experts/questions/12"
    came_from = Origin(**{"kind": "experts.question", "row_id": 12, "path": path, **origin})
    return service.publish(session, screen, KnownPosts(), by or asker, home, entry, came_from)
