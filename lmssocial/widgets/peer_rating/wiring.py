"""Peer rating as a plugin: what it offers to the house."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Allocator, Level, Manifest, Scoring, Widget, hookimpl
from lmssocial.core.kernel.events import Event
from lmssocial.social.notifications import grade_trouble
from lmssocial.widgets.peer_rating import (
    board,
    events,
    example_models,
    feedback,
    home,
    models,
    pair_models,
    persons,
    reviews,
    score_events,
    scoring_models,
    setup,
    works,
)
from lmssocial.widgets.peer_rating.activities import WIDGET
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.blueprint import bp
from lmssocial.widgets.peer_rating.clockwork import routes as phase_routes
from lmssocial.widgets.peer_rating.copying import bring_examples
from lmssocial.widgets.peer_rating.examples import routes as example_routes
from lmssocial.widgets.peer_rating.moderating import reading
from lmssocial.widgets.peer_rating.moderating.port import ModeratedWords
from lmssocial.widgets.peer_rating.notices.port import PeerNotices
from lmssocial.widgets.peer_rating.notices.told import EVENTS
from lmssocial.widgets.peer_rating.pairs import routes as pair_routes
from lmssocial.widgets.peer_rating.releasing import check_routes, in_lms
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS

manifest = Manifest(
    name=WIDGET,
    title="Peer rating",
    summary="People hand in work, review that of others by a rubric, and get a fair score and useful feedback.",
    configured_per=Level.INSTALLATION,
)

TABLES = (models, example_models, pair_models, scoring_models)
"""Named here so that the schema is known as soon as the plugin is loaded."""

board.register(bp)
example_routes.register(bp)
feedback.register(bp)
home.register(bp)
pair_routes.register(bp)
phase_routes.register(bp)
check_routes.register(bp)
reviews.register(bp)
setup.register(bp)
works.register(bp)


@hookimpl
def lmssocial_register_widgets() -> Sequence[Widget]:
    """Peer rating."""
    return [
        Widget(
            kind=WIDGET,
            title=_l("Peer rating"),
            summary=_l(
                "Learners hand in work and review that of others by a rubric: fair, explained, never stuck."
            ),
            home_endpoint="peer_rating.home",
            blueprint=bp,
            nav_label=_l("Peer rating"),
            moderated={WIDGET: ModeratedWords()},
            reads=reading.reads,
            copied=bring_examples,
            line_item=in_lms.line_item,
            graded=in_lms.graded,
            review=in_lms.review_path,
            notices=dict.fromkeys(EVENTS, PeerNotices())
            | dict.fromkeys(grade_trouble.EVENTS, grade_trouble.GradeTroubleNotices(in_lms.graders)),
        )
    ]


@hookimpl
def lmssocial_register_event_types() -> Sequence[type[Event]]:
    """What happens in peer rating."""
    return (*events.EVENT_TYPES, *score_events.EVENT_TYPES)


@hookimpl
def lmssocial_register_allocators() -> Sequence[Allocator]:
    """The two ways of ours to decide who reviews what."""
    return ALLOCATORS


@hookimpl
def lmssocial_register_scorings() -> Sequence[Scoring]:
    """Our own ways from reviews to scores."""
    return SCORINGS


@hookimpl
def lmssocial_export_person(user_id: int, session: Session) -> Mapping[str, Any]:
    """Everything that is kept about somebody, beside what they wrote."""
    return persons.export(session, user_id)


@hookimpl
def lmssocial_erase_person(user_id: int, session: Session, with_words: bool) -> None:  # noqa: FBT001 – by name
    """Forget somebody."""
    persons.erase(session, user_id, with_words=with_words)
