"""The views: what leaves for elsewhere, for those who look after a community."""

from flask import render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial_reporting.blueprint import bp, frame
from lmssocial_reporting.scope import require_steward
from lmssocial_reporting.sending.models import Outgoing, Receiver
from lmssocial_reporting.sending.outbox import CALIPER, WAITING, XAPI
from lmssocial_reporting.settings import Settings


@bp.get("/receivers")
def receiver_list(placement_id: int) -> str:
    """Where statements go, how many wait, and what is in their way."""
    del placement_id  # part of the address; lmssocial has read it
    around = frame()
    require_steward(around.actor)
    found = _receivers(around.session, around.actor.tenant_id, around.settings)
    return render_template("lmssocial_reporting/receiver_list.html", frame=around, receivers=found)


def _receivers(
    session: Session, tenant_id: int, settings: Settings
) -> list[tuple[str, str, Receiver | None, int]]:
    """Standard, host, how it goes, and how many wait; of those that are set. Two queries."""
    known = {
        row.standard: row for row in session.scalars(select(Receiver).where(Receiver.tenant_id == tenant_id))
    }
    waiting = dict(
        session.execute(
            select(Outgoing.standard, func.count())
            .where(Outgoing.tenant_id == tenant_id, Outgoing.state == WAITING)
            .group_by(Outgoing.standard)
        ).all()
    )
    return [
        (standard, url.partition("//")[2].partition("/")[0], known.get(standard), waiting.get(standard, 0))
        for standard, url in ((XAPI, settings.lrs_url), (CALIPER, settings.caliper_url))
        if url
    ]
