"""An activity in a copied course: its settings come by themselves, without dates; here its examples follow.

What learners handed in and wrote stays where it was, and the copy is a draft. Nothing here commits.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.example_models import Example
from lmssocial.widgets.peer_rating.examples.earlier import without_names
from lmssocial.widgets.peer_rating.examples.service import KIND


def bring_examples(session: Session, actor: Actor, from_id: int, to_id: int) -> None:
    """Let the activity ``to_id`` have the examples in use of ``from_id``, in the name of ``actor``.

    The policies have let these words pass before, so nobody asks them again. Files stay in the course they are of.

    :param actor: the instructor who comes to the copied course first.
    """
    rows = session.execute(
        select(Example, Contribution.source)
        .join(Contribution, Contribution.id == Example.contribution_id)
        .where(
            Example.placement_id == from_id,
            Example.tenant_id == actor.tenant_id,
            Example.retired_at.is_(None),
            Contribution.state == State.PUBLISHED,
        )
        .order_by(Example.position, Example.id)
    ).all()
    for position, (example, source) in enumerate(rows):
        words = without_names(source, ())
        copy = writing.add(session, actor, KIND, Writing(source=words), render(words), placement_id=to_id)
        session.add(
            Example(
                tenant_id=actor.tenant_id,
                community_id=actor.community_id,
                placement_id=to_id,
                contribution_id=copy.id,
                levels=example.levels,
                points=example.points,
                explanation=example.explanation,
                position=position,
            )
        )
