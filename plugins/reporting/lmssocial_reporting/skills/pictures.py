"""The chart of the page about fulfilment."""

from collections.abc import Sequence

from flask_babel import gettext as _

from lmssocial_reporting.charts.bars import Bar, bars
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.monitors.words import percent
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.skills.support import Support


def trying_bars(roles: Sequence[Support]) -> Chart:
    """In which roles members tried to act, beside what is usual."""
    most = max(roles, key=lambda one: one.rates.trying or 0)
    caption = Caption(
        key="trying",
        title=_("Who tried to act in which role"),
        finding=_(
            "Most tried to act as %(role)s: %(share)s of those who did anything here.",
            role=role_title(most.role),
            share=percent(most.rates.trying),
        ),
        description=_(
            "A bar for each role, as long as the share of the members who did anything here that tried to act in it. "
            "An upright line is the median of other courses."
        ),
        note=_(
            "Trying is less than acting in a role, which takes several days and people, and somebody who takes it up."
        ),
    )
    rows = [
        Bar(
            name=role_title(one.role),
            value=one.rates.trying,
            said=percent(one.rates.trying),
            beside=one.usual.trying,
            said_beside=_("usual %(share)s", share=percent(one.usual.trying))
            if one.usual.trying is not None
            else "",
        )
        for one in roles
    ]
    return bars(rows, caption, header=(_("Role"), _("Tried"), _("Usual")))
