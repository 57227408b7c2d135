"""Plugins tell people of events where they are on, in their own name, and harm nobody when they fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, PluginHost
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.plugin import hookimpl
from lmssocial.plugin_data import How, Noted, NoticeKind, Proposal, Withdrawal, Worded
from lmssocial.social.notifications import making
from lmssocial.social.notifications.models import Notice
from lmssocial.social.notifications.plugin_notices import PluginNotices
from lmssocial.social.notifications.preferences import wishes
from lmssocial.social.notifications.queries import notice_page
from lmssocial.social.notifications.registry import everything
from lmssocial.social.plugin_settings import service
from tests.support.people import Place, make_person, make_place

GONG = "gong.struck"


@dataclass
class Gong:
    """A plugin's side of notifications, which does what a test wants."""

    to: list[int] = field(default_factory=list)
    kind: str = "gong.gong"
    path: str = "/w/{}/x/gong/"
    fails: bool = False
    withdraws: bool = False

    @property
    def kinds(self) -> Sequence[NoticeKind]:
        """One."""
        return [NoticeKind(name=self.kind, label="Gong", about="It was struck.", default=How.NOW)]

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:
        """Tell whoever is named."""
        if self.withdraws:
            return [Withdrawal(about_id=1), Withdrawal(about_id=1, kinds=frozenset({"discussion.reply"}))]
        if self.fails:
            session.execute(text("SELECT no_such_column FROM identity_user"))
        return [
            Proposal(
                kind=self.kind,
                recipients=self.to,
                merge_key=f"gong:{event.id}",
                placement_id=event.payload["placement_id"],
                actor_id=None,
            )
        ]

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:  # noqa: ARG002
        """All of them."""
        return {actor.user_id for actor in actors}

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:  # noqa: ARG002
        """One word."""
        return {
            one.id: Worded(sentence="Gong.", where="", path=self.path.format(one.placement_id))
            for one in notices
        }


def host_with(gong: Any) -> PluginHost:
    """A host with the plugin."""

    @hookimpl
    def lmssocial_register_notices() -> dict[str, Any]:
        return {GONG: gong}

    host = PluginHost()
    manifest = Manifest(name="gong", title="Gong", summary="")
    module = SimpleNamespace(manifest=manifest, lmssocial_register_notices=lmssocial_register_notices)
    host.register(module, "gong")
    return host


def struck(place: Place) -> Happened:
    """The event."""
    return Happened(
        id=1,
        name=GONG,
        version=1,
        tenant_id=place.tenant.id,
        course_id=place.course.id,
        community_id=place.community.id,
        actor_id=None,
        actor_role="",
        payload={"placement_id": place.placement.id},
        at=clock.now(),
    )


@pytest.fixture
def place(session: Session) -> Place:
    """A course in which the plugin is on."""
    place = make_place(session)
    service.switch(session, "gong", on=True, level=Level.COURSE, place_id=place.course.id)
    session.flush()
    return place


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """Somebody who is told."""
    return make_person(session, place, "Ana")


def switch_off(session: Session, place: Place) -> None:
    """Switch the plugin off."""
    service.switch(session, "gong", on=False, level=Level.COURSE, place_id=place.course.id)
    session.flush()


def test_people_are_told_where_it_is_on_and_can_choose_how(
    session: Session, place: Place, ana: Actor
) -> None:
    registry = everything([], host_with(Gong([ana.user_id])))
    making.tell(registry, struck(place), session)
    session.flush()
    [shown] = notice_page(session, registry, ana).notices
    assert (shown.words.sentence, shown.words.path) == ("Gong.", f"/w/{place.placement.id}/x/gong/")
    assert "gong.gong" in [wish.kind.name for wish in wishes(session, registry, ana)]


def test_nobody_hears_of_it_where_it_is_off(session: Session, place: Place, ana: Actor) -> None:
    registry = everything([], host_with(Gong([ana.user_id])))
    making.tell(registry, struck(place), session)
    switch_off(session, place)
    making.tell(registry, struck(place), session)
    session.flush()
    assert len(session.scalars(select(Notice.id)).all()) == 1
    assert list(notice_page(session, registry, ana).notices) == []  # its page is not there any more
    assert "gong.gong" not in [wish.kind.name for wish in wishes(session, registry, ana)]


def test_one_that_fails_is_left_out_and_the_transaction_goes_on(
    session: Session, place: Place, ana: Actor
) -> None:
    gong = Gong([ana.user_id], fails=True)
    making.tell(everything([], host_with(gong)), struck(place), session)
    assert session.scalars(select(Notice.id)).all() == []  # PostgreSQL would refuse, were nothing undone


def test_one_that_leads_out_of_the_course_is_not_shown(session: Session, place: Place, ana: Actor) -> None:
    registry = everything([], host_with(Gong([ana.user_id], path="https://elsewhere.example/")))
    making.tell(registry, struck(place), session)
    session.flush()
    assert list(notice_page(session, registry, ana).notices) == []


def test_a_withdrawal_takes_only_its_own_notices_along(session: Session, place: Place) -> None:
    gong = Gong(withdraws=True)
    guard = PluginNotices(plugin="gong", port=gong, host=host_with(gong))
    kinds = [one.kinds for one in guard.told(session, struck(place)) if isinstance(one, Withdrawal)]
    assert kinds == [frozenset({"gong.gong"})]  # the other one would have withdrawn what others tell


def test_a_plugin_that_speaks_in_the_name_of_others_is_not_loaded() -> None:
    host = host_with(Gong(kind="discussion.reply"))
    everything([], host)
    assert "must be named gong.<something>" in host.broken["gong"].reason
