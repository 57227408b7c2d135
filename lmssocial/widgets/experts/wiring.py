"""Expert connect as a plugin: what it offers to the house."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Badges, Level, Manifest, Ranking, Widget, hookimpl
from lmssocial.core.kernel.events import Event
from lmssocial.social.knowledge import models as knowledge_models
from lmssocial.widgets.experts import (
    desk,
    events,
    hours_events,
    hours_models,
    index_models,
    invitation_events,
    invitation_models,
    models,
    people_events,
    people_models,
    persons,
    reading,
    reading_models,
    topic_models,
)
from lmssocial.widgets.experts.answering import routes as answering
from lmssocial.widgets.experts.asking import routes as asking
from lmssocial.widgets.experts.blueprint import WIDGET, bp
from lmssocial.widgets.experts.copying import bring_topics
from lmssocial.widgets.experts.drafting import routes as drafting
from lmssocial.widgets.experts.home import routes as home
from lmssocial.widgets.experts.hours import routes as hours
from lmssocial.widgets.experts.introducing import routes as introducing
from lmssocial.widgets.experts.inviting import routes as inviting
from lmssocial.widgets.experts.matching.ranked import RANKINGS
from lmssocial.widgets.experts.moderating import reading as words_read
from lmssocial.widgets.experts.moderating.port import ModeratedWords
from lmssocial.widgets.experts.notices.port import ExpertNotices
from lmssocial.widgets.experts.notices.told import EVENTS
from lmssocial.widgets.experts.people import badges
from lmssocial.widgets.experts.people import routes as people
from lmssocial.widgets.experts.publishing import routes as publishing
from lmssocial.widgets.experts.setup import routes as setup
from lmssocial.widgets.experts.topics import routes as topics

manifest = Manifest(
    name=WIDGET,
    title="Expert connect",
    summary="People find somebody who knows, ask, and get an answer, which the community keeps.",
    configured_per=Level.INSTALLATION,
)

TABLES = (
    knowledge_models,
    models,
    invitation_models,
    topic_models,
    people_models,
    index_models,
    hours_models,
    reading_models,
)
"""Named here so that the schema is known as soon as the plugin is loaded."""

asking.register(bp)
answering.register(bp)
desk.register(bp)
drafting.register(bp)
home.register(bp)
hours.register(bp)
people.register(bp)
reading.register(bp)
introducing.register(bp)
inviting.register(bp)
publishing.register(bp)
setup.register(bp)
topics.register(bp)


@hookimpl
def lmssocial_register_widgets() -> Sequence[Widget]:
    """Expert connect."""
    return [
        Widget(
            kind=WIDGET,
            title=_l("Expert connect"),
            summary=_l(
                "Learners ask; somebody who knows is found, invited and answers. No question is lost."
            ),
            home_endpoint="experts.home",
            blueprint=bp,
            nav_label=_l("Expert connect"),
            moderated={WIDGET: ModeratedWords()},
            reads=words_read.reads,
            copied=bring_topics,
            notices=dict.fromkeys(EVENTS, ExpertNotices()),
        )
    ]


@hookimpl
def lmssocial_register_event_types() -> Sequence[type[Event]]:
    """What happens in expert connect."""
    return (
        *events.EVENT_TYPES,
        *invitation_events.EVENT_TYPES,
        *people_events.EVENT_TYPES,
        *hours_events.EVENT_TYPES,
    )


@hookimpl
def lmssocial_register_rankings() -> Sequence[Ranking]:
    """What answers say of somebody, and what is said of them."""
    return RANKINGS


@hookimpl
def lmssocial_register_badges() -> Sequence[Badges]:
    """What people are known for, beside their names."""
    return [badges.SUPPLIER]


@hookimpl
def lmssocial_export_person(user_id: int, session: Session) -> Mapping[str, Any]:
    """Everything that is kept about somebody, beside what they wrote."""
    return persons.export(session, user_id)


@hookimpl
def lmssocial_erase_person(user_id: int, session: Session, with_words: bool) -> None:  # noqa: FBT001 – by name
    """Forget somebody."""
    persons.erase(session, user_id, with_words=with_words)
