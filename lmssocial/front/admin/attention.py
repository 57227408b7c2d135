"""What between this tool and the LMSs needs an administrator today; nothing when nothing does."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lmssocial.front.admin import plugin_health
from lmssocial.lms.identity import launch_health
from lmssocial.lms.roster import overview as rosters
from lmssocial.social.gradebook import overview as grades

SAID_HERE = frozenset({"grades", "rosters", "clocks"})
"""The checks of ``lmssocial doctor`` that this says in other words, with a way to what can be done."""
AT_MOST = 5
"""Platforms that are named for one reason; the pages behind have them all."""


TIMER_FAILED = 5
"""Failures in a row after which a timer of a plugin is named: then it has failed for minutes."""


@dataclass(frozen=True)
class Attention:
    """One thing to look at."""

    kind: str
    """``bad`` or ``warn``."""
    title: str
    says: str
    href: str
    link: str


def attention(session: Session) -> list[Attention]:
    """What needs somebody, the most urgent first. Five queries."""
    found = [
        *_clocks(session),
        *_refusals(session),
        *_grades(session),
        *_rosters(session),
        *_timers(session),
    ]
    return sorted(found, key=lambda one: one.kind != "bad")


def _clocks(session: Session) -> Iterator[Attention]:
    for one in launch_health.skewed(session)[:AT_MOST]:
        seconds = round(abs(one.skew.seconds))
        says = (
            ngettext(
                "Its clock is %(num)s second ahead of ours.",
                "Its clock is %(num)s seconds ahead of ours.",
                seconds,
            )
            if one.skew.seconds > 0
            else ngettext(
                "Its clock is %(num)s second behind ours.",
                "Its clock is %(num)s seconds behind ours.",
                seconds,
            )
        )
        yield Attention(
            one.skew.level,
            _("The clock of %(name)s", name=one.platform),
            f"{says} {_('From 60 seconds on nobody gets in.')}",
            url_for("admin.platform_detail", platform_id=one.platform_id, _anchor="state"),
            _("How %(name)s is", name=one.platform),
        )


def _refusals(session: Session) -> Iterator[Attention]:
    for one in launch_health.rising(session)[:AT_MOST]:
        title = (
            _("Launches of %(name)s are refused", name=one.platform)
            if one.platform_id
            else _("Launches are refused whose platform is unknown")
        )
        yield Attention(
            "warn",
            title,
            _(
                "%(today)s in the last 24 hours, against %(before)s a day on the days before.",
                today=one.today,
                before=round(one.a_day_before),
            ),
            url_for("admin.launch_list", view="refused", platform=one.platform_id),
            _("Why they were refused"),
        )


def _grades(session: Session) -> Iterator[Attention]:
    for one in [one for one in grades.by_platform(session) if one.given_up][:AT_MOST]:
        yield Attention(
            "bad",
            _("Grades did not reach %(name)s", name=one.platform),
            ngettext(
                "%(num)s grade was refused or could not be sent for days. It waits for you.",
                "%(num)s grades were refused or could not be sent for days. They wait for you.",
                one.given_up,
            ),
            url_for("admin.score_list", platform=one.platform_id),
            _("What %(name)s said", name=one.platform),
        )


def _rosters(session: Session) -> Iterator[Attention]:
    counts = rosters.counts(session)
    if counts.failing or counts.doubted:
        says = (
            ngettext("%(num)s cannot be read.", "%(num)s cannot be read.", counts.failing)
            if counts.failing
            else ""
        )
        doubted = (
            ngettext(
                "%(num)s would have put out most of its course.",
                "%(num)s would have put out most of their courses.",
                counts.doubted,
            )
            if counts.doubted
            else ""
        )
        yield Attention(
            "warn",
            _("Rosters are in trouble"),
            f"{says} {doubted}".strip(),
            url_for("admin.roster_list"),
            _("Which ones"),
        )


def _timers(session: Session) -> Iterator[Attention]:
    for one in plugin_health.timers(session, failures=TIMER_FAILED)[:AT_MOST]:
        yield Attention(
            "warn",
            _("The plugin %(name)s fails at what it does by timer", name=one.plugin),
            one.why,
            url_for("admin.plugin_detail", name=one.plugin, _anchor="timers"),
            _("What went wrong"),
        )
