"""What leaves the house for whom, and when: messages about what happened just now, and digests.

The worker does it, one person and one transaction at a time. The person's row in ``notifications_reachability`` is
held meanwhile, notices are marked and deliveries are made together, and a delivery's key names the minute or the
digest it is for: so a worker that dies half-way, or two of them, make every message once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Channel
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import User
from lmssocial.social.engagement.models import Follow
from lmssocial.social.engagement.models import Level as Following
from lmssocial.social.notifications import sections
from lmssocial.social.notifications.dispatch import Outgoing, Person, Saying, deliver, is_written
from lmssocial.social.notifications.letters import digest_title, title_of
from lmssocial.social.notifications.models import How, Notice, Preference, Reachability, Rhythm
from lmssocial.social.notifications.ports import Registry
from lmssocial.social.notifications.reach import Reach, next_digest, period, quiet_until, reach_of
from lmssocial.social.notifications.reaching import own_row
from lmssocial.social.notifications.unsubscribing import ALL, DIGEST, KIND, Stop

log = structlog.get_logger(__name__)


AT_ONCE = 200
"""People looked after in one round."""


@dataclass
class _Sorted:
    """Their notices whose time has come, by what is to be done with them."""

    now: list[Notice] = field(default_factory=list)
    digest: list[Notice] = field(default_factory=list)
    over: list[Notice] = field(default_factory=list)
    """Read meanwhile, or meant for the bell only."""


def write_due(make_session: sessionmaker[Session], outgoing: Outgoing) -> int:
    """Write every message whose time has come; says how many were put on their way."""
    with make_session() as session, unit_of_work(session):
        schedule(session)
    with make_session() as session:
        people = due(session)
    written = 0
    for user_id in people:
        try:
            with make_session() as session, unit_of_work(session):
                written += write_for(session, outgoing, user_id)
        except Exception:  # what is wrong with one person's mail must not cost the others theirs
            log.exception("message not written", user_id=user_id)
    return written


def send_now(
    session: Session,
    outgoing: Outgoing,
    user_id: int,
    key: str,
    say: Callable[[Person], Saying],
    *,
    own_deed: bool = False,
) -> int:
    """Write somebody a message without the grace that notices have; says by how many channels it goes out.

    Nothing goes to those who want no e-mail or have no address, and the same key goes out once. To be called by
    the worker: it writes in the person's language and in no request.

    :param key: names the message, for ever.
    :param say: words it, while their voice is speaking.
    :param own_deed: whether they did it themselves a moment ago; everything else waits for the end of quiet hours.
    """
    row = own_row(session, user_id)
    reach = reach_of(row)
    person = _reachable(session, outgoing, row, reach)
    if person is None or is_written(session, person, key):
        return 0
    later = None if own_deed else quiet_until(reach, clock.now())
    with person.voice.speaking():
        stop = Stop(user_id, ALL)
        return deliver(session, outgoing, person, say(person), key=key, stop=stop, not_before=later)


def due(session: Session) -> list[int]:
    """Who has notices that may go out now, or a digest to come."""
    now = clock.now()
    notices = select(Notice.user_id).where(Notice.mailed.is_(False), Notice.mail_at <= now).distinct()
    digests = select(Reachability.user_id).where(Reachability.next_digest_at <= now)
    return list(session.scalars(notices.union(digests).order_by("user_id").limit(AT_ONCE)))


def schedule(session: Session) -> None:
    """Give everybody who follows something the time of their next digest, if they have none yet."""
    people = session.scalars(
        select(Follow.user_id)
        .distinct()
        .outerjoin(Reachability, Reachability.user_id == Follow.user_id)
        .where(
            Follow.level == Following.FOLLOW,
            or_(
                Reachability.user_id.is_(None),
                Reachability.next_digest_at.is_(None)
                & Reachability.mail.is_(True)
                & (Reachability.rhythm != Rhythm.NEVER),
            ),
        )
        .limit(AT_ONCE)
    )
    for user_id in people.all():
        row = own_row(session, user_id)
        row.next_digest_at = next_digest(reach_of(row), clock.now())


def write_for(session: Session, outgoing: Outgoing, user_id: int) -> int:
    """Write what one person gets now; says how many messages."""
    now = clock.now()
    row = own_row(session, user_id)
    reach = reach_of(row)
    found = _due_notices(session, user_id, now)
    person = _reachable(session, outgoing, row, reach)
    if person is None:
        _settle(found)
        row.next_digest_at = next_digest(reach, now) if reach.mail else None
        return 0
    sorted_notices = _sort(outgoing.registry, person, found)
    _settle(sorted_notices.over)
    window = row.next_digest_at
    if window is not None and window <= now and reach.rhythm is not Rhythm.NEVER:
        row.next_digest_at = next_digest(reach, now)
        return _digest(session, outgoing, person, [*sorted_notices.now, *sorted_notices.digest], window)
    _wait_for_digest(person, sorted_notices.digest, now)
    return _write_now(session, outgoing, person, sorted_notices.now, now)


def _due_notices(session: Session, user_id: int, now: datetime) -> list[Notice]:
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.user_id == user_id, Notice.mailed.is_(False), Notice.mail_at <= now)
            .order_by(Notice.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _reachable(session: Session, outgoing: Outgoing, row: Reachability, reach: Reach) -> Person | None:
    """Somebody who can be reached and wants to be; ``None`` if no message of ours is for them.

    Who is only known from a roster has never met us, and gets no mail from us out of the blue.
    """
    user = session.get_one(User, row.user_id)
    if not reach.mail or user.is_former or user.is_test or user.last_seen_at is None:
        return None
    ways = {name: way for name, channel in outgoing.channels.items() if (way := _way(channel, user.email))}
    if not ways:
        return None
    rows = session.execute(
        select(Preference.community_id, Preference.kind, Preference.how).where(Preference.user_id == user.id)
    )
    return Person(
        user=user,
        row=row,
        reach=reach,
        ways=ways,
        wishes={(one.community_id, one.kind): one.how for one in rows},
        voice=outgoing.voices.of(user.locale),
    )


def _way(channel: Channel, email: str) -> str:
    try:
        return str(channel.address(email))[:254]
    except Exception:  # a channel may be a plugin: then it reaches nobody, and the others do
        log.exception("channel gave no address", channel=channel.name)
        return ""


def _sort(registry: Registry, person: Person, found: Sequence[Notice]) -> _Sorted:
    result = _Sorted()
    for notice in found:
        kind = registry.kinds.get(notice.kind)
        default = How.OFF if kind is None else kind.default
        how = person.wishes.get((notice.community_id, notice.kind), default)
        if notice.generation or how not in {How.NOW, How.DIGEST}:
            result.over.append(notice)
        elif how is How.NOW:
            result.now.append(notice)
        elif person.reach.rhythm is Rhythm.NEVER:
            result.over.append(notice)
        else:
            result.digest.append(notice)
    return result


def _settle(notices: Sequence[Notice]) -> None:
    """The channels have had them, or never will."""
    for notice in notices:
        notice.mailed = True


def _wait_for_digest(person: Person, notices: Sequence[Notice], now: datetime) -> None:
    """Let notices wait for the next digest."""
    if notices and person.row.next_digest_at is None:
        person.row.next_digest_at = next_digest(person.reach, now)
    for notice in notices:
        notice.mail_at = person.row.next_digest_at


def _write_now(
    session: Session, outgoing: Outgoing, person: Person, notices: Sequence[Notice], now: datetime
) -> int:
    """One message about all that happened; none in quiet hours, and none if one was written in this minute."""
    key = f"now:{person.user.id}:{now:%Y%m%dT%H%M}"
    if not notices or is_written(session, person, key):
        return 0
    if (end := quiet_until(person.reach, now)) is not None:
        for notice in notices:
            notice.mail_at = end
        return 0
    _settle(notices)
    with person.voice.speaking():
        said = sections.of_notices(session, outgoing.registry, outgoing.public_url, person.user.id, notices)
        if not said.sections:
            return 0
        kinds = {(notice.community_id, notice.kind) for notice in notices}
        stop = Stop(person.user.id, ALL)
        if len(kinds) == 1:
            stop = Stop(person.user.id, KIND, *kinds.pop())
        saying = Saying(title=title_of(said.sections), said=said)
        return deliver(session, outgoing, person, saying, key=key, stop=stop)


def _digest(
    session: Session, outgoing: Outgoing, person: Person, notices: Sequence[Notice], window: datetime
) -> int:
    """What waited for the digest, and what is new in what they follow; none if that is nothing."""
    key = f"digest:{person.user.id}:{window:%Y%m%dT%H%M}"
    if is_written(session, person, key):
        return 0
    _settle(notices)
    with person.voice.speaking():
        said = sections.of_digest(
            session,
            outgoing.registry,
            outgoing.followed,
            outgoing.public_url,
            person.user.id,
            notices,
            window - period(person.reach),
        )
        if not said.sections:
            return 0
        saying = Saying(title=digest_title(said.sections), said=said)
        return deliver(session, outgoing, person, saying, key=key, stop=Stop(person.user.id, DIGEST))
