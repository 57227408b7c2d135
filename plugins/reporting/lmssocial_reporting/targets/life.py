"""The life of a target: written down, put to the members, ratified, retired. Nothing here commits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.plugin import Conflict, Invalid, NotAllowed, gettext, now
from lmssocial.plugin_data import Actor, record
from lmssocial_reporting.definition import Role
from lmssocial_reporting.scope import looks_after, may_write, require_writer
from lmssocial_reporting.targets import events
from lmssocial_reporting.targets.models import TargetBand, TargetRemark, TargetRow, TargetSetter, TargetVote
from lmssocial_reporting.targets.service import row_of, target, votes_on
from lmssocial_reporting.targets.values import Band, Stage
from lmssocial_reporting.targets.wanted import (
    LEAST_CONSULTED,
    MOST_CONSULTED,
    Asked,
    Wanted,
    Whereabouts,
    said_by,
)


def may_shape(actor: Actor, scope: str, setter_ids: frozenset[int]) -> bool:
    """Whether they write on a draft and put it to the members: its setters, and those who write for its scope."""
    return may_write(actor, scope) or actor.user_id in setter_ids


def draft(session: Session, actor: Actor, where: Whereabouts, wanted: Wanted, today: date) -> int:
    """Write a target down; its id.

    :raises NotAllowed: if the actor does not write for the scope.
    :raises Conflict: if another one is being agreed on.
    :raises Invalid: if it cannot be a target.
    """
    _require_writer(actor, where.scope)
    wanted.check(today)
    row = TargetRow(
        tenant_id=actor.tenant_id,
        scope=where.scope,
        course_id=actor.course_id,
        community_id=actor.community_id,
        placement_id=where.placement_id,
        stage=Stage.DRAFT.value,
        purpose=wanted.purpose,
        speaks_of=wanted.speaks_of,
        review_on=wanted.review_on,
        written_by=actor.user_id,
        asked={},
        created_at=now(),
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            gettext("Another target is being agreed on already. Finish that one, or discard it.")
        ) from error
    session.add(TargetSetter(target_id=row.id, user_id=actor.user_id))
    _set_bands(session, row.id, wanted.bands)
    _record(session, actor, row, events.TargetDrafted)
    return row.id


def change(
    session: Session, actor: Actor, target_id: int, wanted: Wanted, today: date, *, seen: str | None = None
) -> None:
    """Write a draft anew.

    :param seen: the fingerprint of what the draft said when they began to write; ``None``: they take whatever it says.
    :raises NotAllowed: for who is none of its setters and does not look after the community.
    :raises Conflict: if it is no draft any more, or somebody saved something else since.
    :raises Invalid: if it cannot be a target.
    """
    row = _shaped(session, actor, target_id)
    said = said_by(target(session, actor.tenant_id, target_id)).fingerprint
    if seen is not None and said not in {seen, wanted.fingerprint}:
        raise Conflict(
            gettext(
                "Somebody else saved this draft while you were writing, so nothing of yours was saved yet. "
                "Your text is still here, and theirs stands beside it: put together what shall stand, and save again."
            )
        )
    wanted.check(today)
    row.purpose, row.speaks_of, row.review_on = wanted.purpose, wanted.speaks_of, wanted.review_on
    session.execute(delete(TargetBand).where(TargetBand.target_id == row.id))
    _set_bands(session, row.id, wanted.bands)


def name_setter(session: Session, actor: Actor, target_id: int, user_id: int) -> None:
    """Let somebody set a draft with the others; the caller has made sure that they are a member.

    :raises NotAllowed: for who is none of its setters and does not look after the community.
    :raises Conflict: if it is no draft any more.
    """
    row = _shaped(session, actor, target_id)
    if session.get(TargetSetter, (row.id, user_id)) is None:
        session.add(TargetSetter(target_id=row.id, user_id=user_id))
        _record(session, actor, row, events.SetterNamed, user_id=user_id)


def drop_setter(session: Session, actor: Actor, target_id: int, user_id: int) -> None:
    """Name somebody no longer as who sets a draft.

    :raises NotAllowed: for who is none of its setters and does not look after the community.
    :raises Conflict: if it is no draft any more, or nobody would set it.
    """
    row = _shaped(session, actor, target_id)
    others = select(func.count()).where(TargetSetter.target_id == row.id, TargetSetter.user_id != user_id)
    if not session.scalar(others):
        raise Conflict(gettext("Somebody has to set it. Name another one first."))
    session.execute(
        delete(TargetSetter).where(TargetSetter.target_id == row.id, TargetSetter.user_id == user_id)
    )


def discard(session: Session, actor: Actor, target_id: int) -> None:
    """Throw a draft away; no member was asked of it.

    :raises NotAllowed: for who is none of its setters and does not look after the community.
    :raises Conflict: if it is no draft any more.
    """
    row = _shaped(session, actor, target_id)
    for table in (TargetBand, TargetSetter):
        session.execute(delete(table).where(table.target_id == row.id))
    session.delete(row)


def consult(session: Session, actor: Actor, target_id: int, asked: Asked, today: date) -> None:
    """Ask the members what they think of a draft.

    :raises NotAllowed: for who is none of its setters and does not look after the community.
    :raises Conflict: if it is no draft any more.
    :raises Invalid: if that is too short, too long, or its review would come before.
    """
    row = _shaped(session, actor, target_id)
    if not today + LEAST_CONSULTED <= asked.ends_on <= today + MOST_CONSULTED:
        raise Invalid(gettext("Members are asked for three days at least, and for sixty at most."))
    if row.review_on <= asked.ends_on:
        raise Invalid(
            gettext("The day of the review is before the members have answered. Choose a later one.")
        )
    row.stage, row.consulted_at, row.ends_on = Stage.CONSULTED.value, now(), asked.ends_on
    row.asked = {"course_ids": list(asked.course_ids), "who": asked.who}
    _record(session, actor, row, events.TargetConsulted, ends_on=asked.ends_on.isoformat())


def vote(session: Session, actor: Actor, target_id: int, *, agrees: bool, today: date) -> None:
    """Say whether one is for it or against it; the last word counts.

    :raises Conflict: if members are not asked, or not any more.
    :raises NotAllowed: for test users of the LMS.
    """
    row = _asked(session, actor, target_id, today)
    known = session.get(TargetVote, (row.id, actor.user_id))
    if known is None:
        session.add(TargetVote(target_id=row.id, user_id=actor.user_id, agrees=agrees, at=now()))
    else:
        known.agrees, known.at = agrees, now()


def remark(session: Session, actor: Actor, target_id: int, words: str, today: date) -> None:
    """Say something of it, with one's name.

    :raises Conflict: if members are not asked, or not any more.
    :raises Invalid: if nothing is said.
    :raises NotAllowed: for test users of the LMS.
    """
    row = _asked(session, actor, target_id, today)
    if not words.strip():
        raise Invalid(gettext("Write what you want to say."))
    session.add(TargetRemark(target_id=row.id, user_id=actor.user_id, words=words.strip(), at=now()))
    _record(session, actor, row, events.RemarkWritten)


def ratify(session: Session, actor: Actor, target_id: int, despite: str, today: date) -> None:
    """Put it in force, and retire the one that was.

    :param despite: why, if more members are against it than for it; everybody reads it.
    :raises NotAllowed: if the actor does not write for the scope.
    :raises Conflict: if the members were not asked, or are still being asked.
    :raises Invalid: if a majority is against it, and nothing says why.
    """
    row = _locked(session, actor, target_id)
    _require_writer(actor, row.scope)
    if row.stage != Stage.CONSULTED or row.ends_on is None or today <= row.ends_on:
        raise Conflict(gettext("It can be ratified once the members were asked, and their time is over."))
    votes = votes_on(session, [row.id])
    against = votes.get((row.id, False), 0) + row.kept_against
    against_majority = against > votes.get((row.id, True), 0) + row.kept_for
    if against_majority and not despite.strip():
        raise Invalid(
            gettext("More members are against it than for it. Say why it is ratified all the same.")
        )
    before = session.scalar(
        select(TargetRow)
        .where(
            TargetRow.tenant_id == row.tenant_id,
            TargetRow.scope == row.scope,
            TargetRow.stage == Stage.RATIFIED,
        )
        .with_for_update()
    )
    if before is not None:
        before.stage, before.retired_at, before.retired_by = Stage.RETIRED.value, now(), actor.user_id
        before.successor_id = row.id
        session.flush()  # only one is in force
    row.stage, row.ratified_at, row.ratified_by = Stage.RATIFIED.value, now(), actor.user_id
    row.despite = despite.strip() if against_majority else ""
    _record(session, actor, row, events.TargetRatified)


def retire(session: Session, actor: Actor, target_id: int, why: str) -> None:
    """Take a target out of force, or give up one that members were asked of.

    :raises NotAllowed: if the actor does not write for the scope.
    :raises Conflict: if it is a draft, or retired already.
    :raises Invalid: if nothing says why.
    """
    row = _locked(session, actor, target_id)
    _require_writer(actor, row.scope)
    if row.stage not in {Stage.CONSULTED, Stage.RATIFIED}:
        raise Conflict(gettext("Only what members were asked of, or what is in force, can be retired."))
    if not why.strip():
        raise Invalid(gettext("Say in a sentence why; everybody reads it."))
    row.stage, row.retired_at, row.retired_by = Stage.RETIRED.value, now(), actor.user_id
    row.retired_why = why.strip()
    _record(session, actor, row, events.TargetRetired)


def _shaped(session: Session, actor: Actor, target_id: int) -> TargetRow:
    row = _locked(session, actor, target_id)
    setters = session.scalars(select(TargetSetter.user_id).where(TargetSetter.target_id == row.id))
    _require(may_shape(actor, row.scope, frozenset(setters)))
    if row.stage != Stage.DRAFT:
        raise Conflict(gettext("Members have been asked of it, so it stays as it is. Write another one."))
    return row


def _asked(session: Session, actor: Actor, target_id: int, today: date) -> TargetRow:
    row = row_of(session, actor.tenant_id, target_id)
    if actor.is_test:
        raise NotAllowed(gettext("Test users of the LMS are no members, so they do not vote."))
    if row.stage != Stage.CONSULTED or row.ends_on is None or today > row.ends_on:
        raise Conflict(gettext("Members are not asked of this target at present."))
    return row


def _locked(session: Session, actor: Actor, target_id: int) -> TargetRow:
    row = row_of(session, actor.tenant_id, target_id)
    session.refresh(row, with_for_update=True)
    return row


def _set_bands(session: Session, target_id: int, bands: Mapping[Role, Band]) -> None:
    session.add_all(
        TargetBand(target_id=target_id, role=role.value, low=band.low, high=band.high)
        for role, band in bands.items()
    )


def _require(allowed: bool) -> None:  # noqa: FBT001 – it reads as what it asks
    if not allowed:
        raise NotAllowed(gettext("That is for those who set the target and look after the community."))


def _require_writer(actor: Actor, scope: str) -> None:
    _require(looks_after(actor))
    require_writer(actor, scope)


def _record(
    session: Session, actor: Actor, row: TargetRow, event: type[events.TargetEvent], **more: Any
) -> None:
    record(
        session,
        event(
            **actor.envelope,
            target_id=row.id,
            scope=row.scope,
            placement_id=row.placement_id,
            **more,
        ),
    )
