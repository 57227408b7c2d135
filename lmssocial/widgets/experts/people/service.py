"""Offering oneself as an expert, having a break, leaving again; and what staff do for others. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.record import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.text import tidy_line
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import bios, expertise, rows, rules
from lmssocial.widgets.experts.people.drafts import ProfileDraft
from lmssocial.widgets.experts.people_events import ExpertiseDeclared, ExpertOpted, ExpertPaused
from lmssocial.widgets.experts.people_models import Expertise, Pause, Person, Profile
from lmssocial.widgets.experts.settings import ExpertSettings
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics import naming
from lmssocial.widgets.experts.topics import service as topics

MOST_TOPICS = 12
"""Topics that one person declares in a community."""
MOST_AT_ONCE = 20
"""What somebody may say that they hold, or are invited to in a week."""
LONGEST_PAUSE = timedelta(days=366)
LONGEST_PLACE = 500
LONGEST_LANGUAGES = 200


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What came of a profile that was handed in."""

    reach: Reach
    bio_waits: bool
    """Whether a moderator reads what they say of themselves first."""


def opt_in(session: Session, screen: Screen, actor: Actor, placement_id: int, draft: ProfileDraft) -> Saved:
    """Take a profile as its person wants it: also to be asked by fewer people, or by nobody.

    :raises NotAllowed: for somebody who may not offer themselves here.
    :raises Invalid: if something in it cannot be taken.
    :raises Conflict: if it was changed since the form was shown.
    :raises Rejected: if a policy refuses what they say of themselves.
    """
    access.require_offers(actor)
    settings = _settings(session, actor, placement_id)
    before = session.get(Profile, (actor.community_id, actor.user_id))
    was = Reach.NONE if before is None else before.reach
    if draft.reach is not was:
        rules.require_reach(settings, draft.reach)
        if was is Reach.NONE:
            rules.require_may_offer(session, actor, settings)
    _require_sound(draft)
    indexing.hold(session, actor.community_id)
    person, profile = rows.locked_person(session, actor), rows.locked_profile(session, actor, placement_id)
    _require_as_seen(session, actor, person, profile, draft.seen)
    _fill(person, draft)
    profile.connects, profile.placement_id = draft.connects, placement_id
    _set_reach(session, actor, profile, draft.reach)
    _declare(session, actor, profile, draft.topics)
    waits = bios.write(session, screen, actor, profile, draft.bio)
    return Saved(reach=profile.reach, bio_waits=waits)


def opt_in_for(
    session: Session, actor: Actor, placement_id: int, user_id: int, names: Sequence[str] = ()
) -> bool:
    """Let somebody who teaches here, or an SME, be asked by their course; they hear of it, and may leave at once.

    :param names: topics they know.
    :return: whether that is new.
    :raises NotAllowed: unless the actor is staff.
    :raises NotFound: if nobody of that id is in the course.
    :raises Invalid: if they are a learner without an appointment.
    :raises Conflict: if they said themselves that they do not want to be asked.
    """
    access.require_sets_up(actor)
    _settings(session, actor, placement_id)
    if session.scalar(rules.member(actor, user_id)) is None:
        raise NotFound(_("This person is not in the course any more."), reason=f"no member {user_id} here")
    if not rules.teaches_or_is_sme(session, actor, user_id):
        raise Invalid(
            _("Learners offer themselves, or nobody does. Appoint this person as SME of a topic first.")
        )
    them = replace(actor, user_id=user_id)
    rows.locked_person(session, them)
    profile = rows.locked_profile(session, them, placement_id)
    if profile.reach is not Reach.NONE:
        return False
    if profile.opted_by_id == user_id:
        raise Conflict(_("This person said that they do not want to be asked. Talk to them about it."))
    _set_reach(session, actor, profile, Reach.COURSE)
    for topic_id in topics.resolve(session, actor, names, most=MOST_TOPICS):
        _say(session, actor, profile, naming.locked(session, actor, topic_id), at=clock.now())
    return True


def leave(session: Session, actor: Actor) -> bool:
    """Be asked by nobody any more, at once; says whether that is new.

    :raises NotAllowed: for a test user of the LMS.
    """
    access.require_offers(actor)
    found = select(Profile).where(
        Profile.community_id == actor.community_id, Profile.user_id == actor.user_id
    )
    profile = session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if profile is None or profile.reach is Reach.NONE:
        return False
    _set_reach(session, actor, profile, Reach.NONE)
    return True


def pause(session: Session, actor: Actor, placement_id: int, until: datetime | None) -> None:
    """Have a break until then, in every course; ``None``: come back.

    :raises NotAllowed: for a test user of the LMS.
    :raises Invalid: if that is over already, or more than a year away.
    """
    access.require_offers(actor)
    now = clock.now()
    if until is not None and not now < until <= now + LONGEST_PAUSE:
        raise Invalid(_("Choose a day from tomorrow on, within a year."))
    person = rows.locked_person(session, actor)
    person.paused_until = until or now  # who is back is not left alone again because of what was before
    person.paused_by = Pause.SELF if until else None
    record(
        session,
        ExpertPaused(
            **actor.envelope,
            placement_id=placement_id,
            user_id=actor.user_id,
            until=until.isoformat() if until else "",
        ),
    )


def suspend(session: Session, actor: Actor, topic_id: int, *, suspended: bool) -> None:
    """Not be asked about one topic, whatever one knows of it; or be asked again.

    :raises NotAllowed: for a test user of the LMS.
    :raises NotFound: if there is no such topic.
    """
    access.require_offers(actor)
    row = expertise.locked(session, naming.locked(session, actor, topic_id), actor.user_id)
    if (row.suspended_at is not None) is not suspended:
        row.suspended_at = clock.now() if suspended else None


def _settings(session: Session, actor: Actor, placement_id: int) -> ExpertSettings:
    placement = session.get(Placement, placement_id)
    if placement is None or placement.community_id != actor.community_id:
        raise NotFound(_("There is no expert connect at this address."), reason=f"placement {placement_id}")
    return ExpertSettings.read(placement.settings)


def _require_sound(draft: ProfileDraft) -> None:
    """:raises Invalid: if something cannot be stored, or nobody could ever be asked so."""
    if draft.zone and draft.zone not in available_timezones():
        raise Invalid(_("Choose a time zone of the list."))
    if not 0 <= draft.opens < draft.closes <= 24:
        raise Invalid(_("The hour until which you are waited for has to be later than the first one."))
    if not draft.days or set(draft.days) - set("1234567"):
        raise Invalid(_("Choose at least one day."))
    if not (1 <= draft.most_open <= MOST_AT_ONCE and 1 <= draft.most_week <= MOST_AT_ONCE):
        raise Invalid(_("Choose numbers from 1 to %(max)d.", max=MOST_AT_ONCE))
    if len(tidy_line(draft.meeting_place)) > LONGEST_PLACE:
        raise Invalid(_("At most %(max)d characters, please.", max=LONGEST_PLACE))
    if len(" ".join(draft.languages)) > LONGEST_LANGUAGES:
        raise Invalid(_("Choose fewer languages."))


def _require_as_seen(session: Session, actor: Actor, person: Person, profile: Profile, seen: str) -> None:
    topic_ids = [row.topic_id for row in rows.declared(session, actor)]
    now = rows.fingerprint(person, profile, bios.before(session, profile), topic_ids)
    if seen and seen != now:
        raise Conflict(
            _(
                "Your profile was changed while you were filling this in, in another tab or on another device. "
                "Nothing was saved: look through what you wrote, and save it if it shall stand."
            )
        )


def _fill(person: Person, draft: ProfileDraft) -> None:
    person.languages, person.zone = " ".join(draft.languages), draft.zone
    person.opens, person.closes, person.days = draft.opens, draft.closes, "".join(sorted(set(draft.days)))
    person.most_open, person.most_week = draft.most_open, draft.most_week
    person.meeting_place = tidy_line(draft.meeting_place)


def _set_reach(session: Session, actor: Actor, profile: Profile, reach: Reach) -> None:
    if profile.reach is reach:
        return
    profile.reach = reach
    profile.opted_by_id, profile.opted_at = actor.user_id, clock.now()
    record(
        session,
        ExpertOpted(
            **actor.envelope, placement_id=profile.placement_id, user_id=profile.user_id, reach=reach.value
        ),
    )


def _declare(session: Session, actor: Actor, profile: Profile, names: Sequence[str]) -> None:
    """Know what was named, and nothing else any more; of topics nobody can name they say nothing either way."""
    wanted = topics.resolve(session, actor, names, most=MOST_TOPICS)
    before = {row.topic_id for row in rows.declared(session, actor)}
    for topic_id in sorted({*wanted} | before):
        topic = naming.locked(session, actor, topic_id)
        if topic_id in before and topic.retired_at is not None:
            continue
        _say(session, actor, profile, topic, at=clock.now() if topic_id in wanted else None)


def _say(session: Session, actor: Actor, profile: Profile, topic: Topic, *, at: datetime | None) -> None:
    row: Expertise = expertise.locked(session, topic, profile.user_id)
    if at is not None and row.declared_at is None:
        row.suspended_at = None
    if expertise.declare(row, at):
        record(
            session,
            ExpertiseDeclared(
                **actor.envelope,
                placement_id=profile.placement_id,
                topic_id=topic.id,
                user_id=profile.user_id,
                declared=at is not None,
            ),
        )
