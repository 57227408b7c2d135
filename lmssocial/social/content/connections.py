"""What a text is connected to, all at once: the people it mentions, its tags, and what it links to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import mentions, references, tags
from lmssocial.social.content.connection_models import Mention, Reference
from lmssocial.social.content.markdown import Cooked
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.named import NOBODY, Known, Names


@dataclass(frozen=True)
class Connected:
    """What a contribution points to, as the log of events says it: numbers only."""

    links: tuple[int, ...] = ()
    """Other contributions of the community that it links to."""
    linked_author_ids: tuple[int, ...] = ()
    """Who wrote them, one for each."""
    named_ids: tuple[int, ...] = ()
    """The people it mentions."""


def known_to(
    session: Session, actor: Actor, source: str, placement_id: int = 0, *, before: int | None = None
) -> Known:
    """What names mean in a text that ``actor`` hands in; at most two queries, none if it has no ``@``.

    :param placement_id: where it will stand; 0 if it is only looked at.
    :param before: the contribution it is a new wording of: whom that mentions is known, also after they left.
    """
    people = mentions.people_named(session, actor, source)
    if before is not None and "@" in source:
        people = {**mentions.remembered(session, [before]).get(before, NOBODY), **people}
    return Known(people=people, placement_id=placement_id)


def remembered(session: Session, contributions: Sequence[tuple[int, int | None]]) -> dict[int, Known]:
    """What names meant in some contributions (id, placement) when they were written. One query."""
    people = mentions.remembered(session, [contribution_id for contribution_id, _placement in contributions])
    return {
        contribution_id: Known(people=people.get(contribution_id, NOBODY), placement_id=placement_id or 0)
        for contribution_id, placement_id in contributions
    }


def require_few(names: Names) -> None:
    """Go on only if a text does not name more people or tags than anybody would follow.

    :raises Invalid: if it does.
    """
    mentions.require_few(names.mentions)
    tags.require_few(names.tags)


def connect(session: Session, contribution: Contribution, cooked: Cooked, *, new: bool = False) -> None:
    """Keep what a contribution is connected to now.

    :param new: whether nothing is kept of it yet; then a text without names and links costs nothing.
    """
    mentions.remember(session, contribution.id, cooked.names.mentions, new=new)
    reconnect(session, contribution, cooked, new=new)


def reconnect(session: Session, contribution: Contribution, cooked: Cooked, *, new: bool = False) -> None:
    """:func:`connect` but for the people, who stay known: words of a contribution went, and may come back."""
    tags.put(session, contribution, cooked.names.tags, new=new)
    references.put(session, contribution, cooked.links, new=new)


def connected(session: Session, contribution: Contribution) -> Connected:
    """What a stored contribution points to. One query; none if it has neither an ``@`` nor an address of ours."""
    if "@" not in contribution.source and "/w/" not in contribution.source:
        return Connected()
    linked = (
        select(literal(1).label("links"), Reference.to_id.label("id"), Contribution.author_id)
        .join(Contribution, Contribution.id == Reference.to_id)
        .where(Reference.from_id == contribution.id)
    )
    named = select(literal(0), Mention.user_id, Mention.user_id).where(
        Mention.contribution_id == contribution.id
    )
    rows = sorted(session.execute(union_all(linked, named)), key=lambda row: (row.links, row.id))
    return Connected(
        tuple(row.id for row in rows if row.links),
        tuple(row.author_id for row in rows if row.links),
        tuple(row.id for row in rows if not row.links),
    )
