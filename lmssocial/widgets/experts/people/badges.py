"""What stands beside the names of people who answer: at most two things they are known for."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Badge, Badges
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.experts.people_models import Expertise, Profile
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics.clauses import has_opted_in, knows

MOST = 2
"""Badges of one person."""
LONGEST = 40
"""Characters of a badge."""


def of(session: Session, community_id: int, user_ids: Sequence[int]) -> Mapping[int, Sequence[Badge]]:
    """What some people are known for in a community, by their ids; only of those who can be asked. One query."""
    rows = session.execute(
        select(Expertise, Topic.label)
        .join(Topic, Topic.id == Expertise.topic_id)
        .join(
            Profile,
            and_(Profile.user_id == Expertise.user_id, Profile.community_id == Expertise.community_id),
        )
        .where(
            Expertise.community_id == community_id,
            Expertise.user_id.in_(sorted(set(user_ids))),
            Topic.merged_into_id.is_(None),
            Topic.retired_at.is_(None),
            or_(
                Expertise.appointed_at.is_not(None),
                Expertise.confirmed_at.is_not(None),
                Expertise.evidence > 0,
            ),
            knows(),
            has_opted_in(),
        )
        .order_by(Expertise.appointed_at.is_(None), Topic.label, Topic.id)
    )
    found: dict[int, tuple[Badge, ...]] = {}
    for row, label in rows:
        before = found.get(row.user_id, ())
        if len(before) < MOST:
            found[row.user_id] = (*before, _badge(row, label))
    return found


def _badge(row: Expertise, topic: str) -> Badge:
    if row.appointed_at is not None:
        return Badge(
            label=_fitting(lambda name: _("SME in %(topic)s", topic=name), topic),
            why=_("Instructors appointed them as SME of this topic."),
        )
    if row.evidence:
        why = ngettext(
            "%(num)d answer about it resolved something or was endorsed.",
            "%(num)d answers about it resolved something or were endorsed.",
            row.evidence,
        )
    else:
        why = _("Several people endorsed them, and a steward confirmed it.")
    return Badge(label=_fitting(lambda name: _("helps with %(topic)s", topic=name), topic), why=why)


def _fitting(said: Callable[[str], str], topic: str) -> str:
    """The label for a topic; a name that is too long for it is cut, so that the rest of the sentence stays."""
    whole = said(topic)
    if len(whole) <= LONGEST:
        return whole
    room = max(LONGEST - len(said("")) - 1, 1)
    return said(f"{topic[:room].rstrip()}…")[:LONGEST]


SUPPLIER = Badges(name="experts", of=of)
"""What expert connect says beside names."""
