"""The charts of the profile."""

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.bars import Bar, bars
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.dots import Dot, dots
from lmssocial_reporting.charts.drawing import Mark
from lmssocial_reporting.definition import Role
from lmssocial_reporting.profile.figures import Figures, RoleFigure
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.store.port import Profile


def roles_chart(figures: Figures) -> Chart:
    """The five shares with their intervals, and the bands if there is a target."""
    note = _("The five shares do not add up to 100 %: one person may act in several roles, or in none.")
    if figures.target:
        description = _(
            "For each of the five roles, a point at the share who acted in it, a line over the range in which it would "
            "plausibly lie, and a box from the lower to the upper end of the target."
        )
        note += " " + _("Box: the target. Thick line: the range in which the share would plausibly lie.")
    else:
        description = _(
            "For each of the five roles, a point at the share who acted in it, and a line over the range in which it "
            "would plausibly lie."
        )
        note += " " + _("Thick line: the range in which the share would plausibly lie.")
    return dots(
        [_dot(one) for one in figures.roles],
        Caption(
            key="roles",
            title=_("Who acts in the five roles"),
            finding=figures.sentence,
            description=description,
            note=note,
        ),
    )


def acts_chart(profile: Profile) -> Chart:
    """How much was done in each role, for where there are too few people to say shares."""
    most = max(Role, key=lambda role: profile.acts[role])
    finding = (
        _("Most was done as %(role)s.", role=role_title(most))
        if profile.acts[most]
        else _("Nothing was done in these four weeks.")
    )
    return bars(
        [Bar(name=role_title(role), value=profile.acts[role], said=str(profile.acts[role])) for role in Role],
        Caption(
            key="acts",
            title=_("What was done in the five roles"),
            finding=finding,
            description=_(
                "A bar for each of the five roles, as long as the number of things that were done in it."
            ),
            note=_("These are things that were done, not people. Reading is quicker than writing."),
        ),
        header=("", _("Things done")),
    )


def _dot(one: RoleFigure) -> Dot:
    verdict = one.verdict
    word = f"{verdict.symbol} {verdict.word}" if verdict else ""
    return Dot(
        name=one.title,
        share=one.share,
        low=one.low,
        high=one.high,
        band=(one.band.low / 100, one.band.high / 100) if one.band else None,
        mark=verdict.mark if verdict else Mark.PLAIN,
        word=word if one.share is not None else _("too few to say"),
    )
