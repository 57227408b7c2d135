"""The private address of somebody's calendar: made, exchanged, switched off, and what it answers. Nothing commits.

Calendar programs cannot sign in, so the address is the key. It is shown once; what is stored is its hash.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.widgets.experts.hours.entries import meetings_of
from lmssocial.widgets.experts.hours.icalendars import House, Method, calendar
from lmssocial.widgets.experts.people.rows import hold
from lmssocial.widgets.experts.people_models import Person

PAST = timedelta(days=60)
"""How long what was stays in the feed."""


def has_address(session: Session, actor: Actor) -> bool:
    """Whether the actor's calendar has an address."""
    return bool(session.scalar(select(Person.feed_hash).where(Person.user_id == actor.user_id)))


def make_address(session: Session, actor: Actor) -> str:
    """Give the actor's calendar an address that nobody can guess; one that was there before leads nowhere any more.

    :returns: the secret in it, which is not stored and cannot be shown again.
    :raises NotAllowed: for test users of the LMS.
    """
    if actor.is_test:
        raise NotAllowed(_("A test user of the LMS has no calendar."))
    token = new_token()
    _own(session, actor).feed_hash = token_hash(token)
    session.flush()
    return token


def switch_off(session: Session, actor: Actor) -> None:
    """Let the address lead nowhere."""
    _own(session, actor).feed_hash = ""
    session.flush()


def whose(session: Session, token: str) -> User:
    """The person whose calendar has this secret.

    :raises NotFound: if nobody's has.
    """
    found = session.scalar(
        select(User)
        .join(Person, Person.user_id == User.id)
        .where(Person.feed_hash == token_hash(token), User.is_former.is_(False))
    )
    if found is None:
        raise NotFound(_("There is no calendar at this address."), reason="no feed with this secret")
    return found


def feed(session: Session, person: User, house: House) -> str:
    """The calendar of somebody: what is to come and what was lately, as host and as guest.

    Its words are in the present language. It is the same text as long as nothing changes.
    """
    found = meetings_of(session, person.id, clock.now() - PAST)
    entries = [one.entry(person.id, house.public_url, person.email) for one in found]
    return calendar(house, entries, Method.PUBLISH, name=_("Office hours"))


def _own(session: Session, actor: Actor) -> Person:
    hold(session, actor.tenant_id, (actor.user_id,))
    return session.get_one(Person, actor.user_id, populate_existing=True)
