"""What all pages of office hours need: the reader's clock, and words that the policies let pass."""

from typing import Any

from flask import render_template
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Invalid
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.scope import Here
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.request import screen_here
from lmssocial.social.notifications.models import Reachability
from lmssocial.social.notifications.reach import zone_named
from lmssocial.web.forms import SafeForm
from lmssocial.web.moments import reader_zone
from lmssocial.widgets.experts.blueprint import base
from lmssocial.widgets.experts.hours.finding import zone_of
from lmssocial.widgets.experts.hours.wording import Clocks, link_of

OFFICE_HOUR, BOOKING = "experts.office_hour", "experts.booking"
"""What policies call the words of hosts, and of those who come."""


def clocks(session: Session, actor: Actor) -> Clocks:
    """The reader's clock: of the zone they chose for notices, else the one that the LMS told, else the host's."""
    chosen = session.scalar(select(Reachability.zone).where(Reachability.user_id == actor.user_id)) or ""
    told = reader_zone()
    zone = zone_named(chosen) or (told if told.key != "UTC" else None)
    return Clocks(zone=zone, locale=get_locale() or "en")


def page(place: Here, session: Session, template: str, **values: Any) -> str:
    """A page with the reader's clock, and how places are linked."""
    return render_template(
        template,
        base=base(place),
        clocks=clocks(session, place.actor),
        zone_of=zone_of,
        link_of=link_of,
        **values,
    )


def fit(place: Here, form: SafeForm, kind: str, *names: str) -> dict[str, str] | None:
    """The words of some fields as they are shown to others; ``None`` if one cannot be, which stands beside it then.

    To be called before a transaction begins: policies take their time.
    """
    screen, fitted, is_fit = screen_here(), dict[str, str](), True
    for name in names:
        text = str(form[name].data or "").strip()
        try:
            fitted[name] = sentences.fit(screen, place.actor, kind, text) if text else ""
        except Invalid as problem:
            form[name].errors = [*form[name].errors, problem.message]
            is_fit = False
    return fitted if is_fit else None
