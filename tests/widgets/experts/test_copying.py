"""Expert connect in a copied course: settings and topics, and nobody and nothing of the course before."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import copies
from lmssocial.widgets.experts.copying import bring_topics
from lmssocial.widgets.experts.models import Question
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.settings import ExpertSettings
from lmssocial.widgets.experts.topic_models import Topic, TopicName
from tests.support.experts import make_expert, make_question, make_topic
from tests.support.people import Place, make_person, make_place

pytestmark = pytest.mark.one_database


def test_a_copy_has_settings_and_topics_with_their_names_and_nobody_in_it(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    place.placement.settings = ExpertSettings(per_wave=4).as_json()
    topic = make_topic(session, place, "Capability", "Cpk", "Process capability")
    retired = make_topic(session, place, "Old ways")
    retired.retired_at = retired.created_at
    make_topic(session, place, "Gauges", "Callipers")
    make_expert(session, place, ben, topic)
    make_question(session, place, ana, topic)
    elsewhere = make_place(session, beside=place, widget="experts")
    make_topic(session, elsewhere, "Callipers")
    una = make_person(session, elsewhere, "Una", LmsRole.INSTRUCTOR)
    copy = copies.placement_for_uuid(session, una, place.placement.uuid)
    assert copy is not None

    for _ in range(2):  # a second activity of the same course that was copied brings nothing twice
        bring_topics(session, una, place.placement.id, copy.id)

    assert ExpertSettings.read(copy.settings).per_wave == 4
    names = session.execute(
        select(Topic.label, TopicName.label)
        .join(TopicName, TopicName.topic_id == Topic.id)
        .where(Topic.community_id == elsewhere.community.id)
        .order_by(Topic.label, TopicName.label)
    ).all()
    assert [tuple(row) for row in names] == [
        ("Callipers", "Callipers"),
        ("Capability", "Capability"),
        ("Capability", "Cpk"),
        ("Capability", "Process capability"),
        ("Gauges", "Gauges"),
    ]
    for model in (Profile, Question):
        there = select(func.count()).where(model.community_id == elsewhere.community.id)
        assert session.scalar(there) == 0
