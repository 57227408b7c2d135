"""A peer rating with rows in all of its tables is copied: no word of learners stands in any table of the copy."""

import re

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lmssocial.core.db import Base
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import ResourceLink
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import copies
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.peer_rating.copying import bring_examples
from lmssocial.widgets.peer_rating.models import Phase
from tests.support.people import make_person, make_place
from tests.support.rated import fill
from tests.support.reached import rows_of

TABLES = {name for name in Base.metadata.tables if name.startswith("peer_rating_")}


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.RELEASED])
def test_no_table_of_a_copy_holds_a_word_of_learners(session: Session, phase: Phase) -> None:
    old = make_place(session, widget="peer_rating")
    tom = make_person(session, old, "SecretTom", LmsRole.INSTRUCTOR)
    ana, ben = make_person(session, old, "SecretAna"), make_person(session, old, "SecretBen")
    fill(session, old, (tom, ana, ben), phase, "SecretWord", staff="Staff")
    new = make_place(session, beside=old, widget="peer_rating")
    session.execute(delete(Placement).where(Placement.id == new.placement.id))
    una = make_person(session, new, "Una", LmsRole.INSTRUCTOR)
    link = ResourceLink(course_id=new.course.id, resource_link_id="l", origins={}, created_at=clock.now())
    session.add(link)
    session.flush()
    made = copies.settle(session, una, link.id, named=old.placement.uuid, kind="")
    assert made is not None
    original = copies.adopt(session, una, made)
    assert original is not None

    bring_examples(session, una, original, made.id)
    session.flush()

    there, here = rows_of(session, old.course.id), rows_of(session, new.course.id)
    told = {line.partition(":")[0] for line in there.splitlines() if "peer_rating_" in line.partition(":")[0]}
    assert told == TABLES, "the net catches what is there to be caught"
    assert "SecretWord" in there
    assert "Shown by Staff." in here
    assert "The task of Staff." in here
    assert not re.findall(r"Secret\w+", here)
    kept = {line.partition(":")[0] for line in here.splitlines()} & TABLES
    assert kept <= {"peer_rating_activity", "peer_rating_example"}
