"""What the worker does by timer, done once."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial import timers
from lmssocial.core.hooks import PluginHost
from lmssocial.core.jobs import HueyJobs
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.outbound import Outbound
from lmssocial.core.storage import Folder
from lmssocial.lms.identity.models import WebSession
from lmssocial.lms.lti.models import SeenNotice
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.settings import Settings
from lmssocial.social.content.markdown import COOKED_VERSION
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from tests.conftest import TestClock
from tests.support.discussion import let_pass
from tests.support.outgoing import outgoing
from tests.support.people import make_person, make_place, sign_in


class Jobs(HueyJobs):
    """Jobs that a test runs by their names instead of by the clock."""

    def run(self, name: str) -> None:
        """Do one round of a job."""
        self._tasks[name].call_local()


def registered(settings: Settings, session: Session) -> Jobs:
    """The worker's jobs, on the test's database."""
    jobs = Jobs(data_dir=settings.data_dir)
    files = Folder(settings.data_dir / "attachments")
    sessions = sessionmaker(session.get_bind())
    caller = Caller(Outbound("tests"), SecretBox("a secret for tests, of forty characters."), sessions)
    timers.register(jobs, sessions, files, PluginHost(), outgoing(), caller)
    return jobs


def test_sign_ins_that_are_over_are_swept_and_others_are_not(
    settings: Settings, session: Session, clock: TestClock
) -> None:
    place = make_place(session)
    sign_in(session, place, make_person(session, place, "Ana"), "one browser")
    clock.tick(hours=11)
    sign_in(session, place, make_person(session, place, "Ben"), "another")
    session.commit()
    clock.tick(hours=2)
    registered(settings, session).run("sweep")
    assert session.scalar(select(func.count(WebSession.id))) == 1


def test_notices_of_platforms_that_cannot_come_again_are_swept(
    settings: Settings, session: Session, clock: TestClock
) -> None:
    seen = {"registration_id": make_place(session).registration.id, "kind": "LtiContextCopyNotice"}
    session.add(SeenNotice(notice_id="old", received_at=clock.now, **seen))
    clock.tick(days=29)
    session.add(SeenNotice(notice_id="new", received_at=clock.now, **seen))
    session.commit()
    clock.tick(days=2)
    registered(settings, session).run("sweep")
    assert session.scalars(select(SeenNotice.notice_id)).all() == ["new"]


def test_html_of_an_earlier_renderer_is_cooked_again(settings: Settings, session: Session) -> None:
    place = make_place(session)
    draft = ThreadDraft(placement_id=place.placement.id, title="T", source="*now*")
    service.post_thread(session, let_pass, make_person(session, place, "Ana"), draft)
    session.execute(update(Contribution).values(html="once", cooked_version=COOKED_VERSION - 1))
    session.commit()
    registered(settings, session).run("cook")
    assert "<em>now</em>" in session.scalars(select(Contribution.html)).one()
