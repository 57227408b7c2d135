"""What the figures say of a scope, as the report takes it: the one place that asks the other pages for theirs."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import courses
from lmssocial_reporting.charts.chart import Chart
from lmssocial_reporting.charts.drawing import highest, lowest
from lmssocial_reporting.charts.printing import for_print
from lmssocial_reporting.definition import Role
from lmssocial_reporting.figures.intervals import wilson
from lmssocial_reporting.profile.figures import Mismatch, RoleFigure
from lmssocial_reporting.profile.reading import ProfilePage, profile_page
from lmssocial_reporting.report.beside import Found, beside
from lmssocial_reporting.report.document import (
    ChartCopy,
    Facts,
    MixCopy,
    RoleLine,
    SplitLine,
    TargetCopy,
    TrendLine,
)
from lmssocial_reporting.report.drafting import Place
from lmssocial_reporting.report.measuring import measured
from lmssocial_reporting.report.parameters import definition_copy
from lmssocial_reporting.scope import Scope
from lmssocial_reporting.store.port import By, Profile, ReportStore, Slice
from lmssocial_reporting.targets.service import in_force
from lmssocial_reporting.targets.values import Target


def facts(
    session: Session, store: ReportStore, scope: Scope, place: Place, *, monitors: bool = True
) -> Facts:
    """Everything the figures say, with small numbers left out. A constant number of queries.

    :param place: whose target is compared with.
    :param monitors: whether the figures of the monitors, which members do not see, are part of it.
    """
    target = in_force(session, place.tenant_id, place.scope)
    page = profile_page(session, store, scope, target)
    measures, pictures = measured(session, store, scope) if monitors else ((), ())
    figures, told = page.figures, page.roles is not None
    return Facts(
        first=page.window.first,
        last=page.window.last,
        zone=scope.settings.zone,
        members=page.profile.members,
        enough=told,
        least_cell=scope.settings.least_cell,
        definition=definition_copy(scope.settings),
        target=_target(target),
        speaks_of=figures.whom,
        spoken_of=figures.of,
        roles=tuple(_role(one, page.acts.get(one.role, 0), told=told) for one in figures.roles),
        splits=tuple(_splits(session, page, scope)) if told else (),
        trend=tuple(_trend(page)),
        measures=measures,
        charts=tuple(_chart(chart) for chart in (*page.charts, *pictures)),
        notes=(*page.notes, *_unsaid(page, scope)),
        mix=_mix(figures.mismatch) if told else None,
    )


def sentences(
    session: Session, store: ReportStore, scope: Scope, place: Place, *, monitors: bool = False
) -> Mapping[str, tuple[str, ...]]:
    """What stands beside the sections while they are written, by their names. It is for those who write only.

    :param monitors: whether the figures of the monitors are asked for, too.
    """
    target = in_force(session, place.tenant_id, place.scope)
    page = profile_page(session, store, scope, target)
    measures = measured(session, store, scope)[0] if monitors else ()
    return beside(Found(page=page, target=target, measures=measures))


def _target(target: Target | None) -> TargetCopy | None:
    if target is None:
        return None
    return TargetCopy(
        purpose=target.purpose,
        speaks_of=target.speaks_of,
        setters=len(target.setters),
        votes_for=target.votes_for,
        votes_against=target.votes_against,
        ratified_at=target.ratified_at,
        review_on=target.review_on,
    )


def _role(one: RoleFigure, acts: int, *, told: bool) -> RoleLine:
    """:param told: whether shares may be said at all: enough members, and a course old enough."""
    said = told and one.share is not None
    return RoleLine(
        role=one.role.value,
        title=one.title,
        acting=one.count if told else None,
        share=_whole(one.share) if said else None,
        low=lowest(one.low) if said else None,
        high=highest(one.high) if said else None,
        sustained=one.sustained if told else None,
        emerging=one.emerging if told else None,
        nothing=one.nothing if told else None,
        acts=acts,
        band_low=one.band.low if one.band else None,
        band_high=one.band.high if one.band else None,
        gap=one.gap if told else None,
        verdict=one.verdict.value if told and one.verdict else "",
        sentence=_said(one) if said else "",
    )


def _mix(found: Mismatch | None) -> MixCopy | None:
    if found is None:
        return None
    return MixCopy(
        acting=found.acting,
        total_variation=round(found.share, 4),
        total_variation_chance=round(found.chance, 4),
        jensen_shannon=round(found.jensen_shannon, 4),
        jensen_shannon_chance=round(found.jensen_shannon_chance, 4),
        differs=found.is_clear,
        sentence=found.sentence,
    )


def _said(one: RoleFigure) -> str:
    return _("%(role)s: %(sentence)s", role=one.title, sentence=one.sentence)


def _splits(session: Session, page: ProfilePage, scope: Scope) -> list[SplitLine]:
    titles = {f"{By.GROUP}-{key}": name for key, name in page.population.group_names.items()}
    if len(scope.course_ids) > 1:
        titles |= {f"{By.COURSE}-{one.id}": one.title for one in courses(session, ids=scope.course_ids)}
    return [line for some in page.profile.slices for line in _split(some, titles)]


def _split(some: Slice, titles: Mapping[str, str]) -> list[SplitLine]:
    return [
        SplitLine(
            by=some.by.value,
            key=some.key,
            title=_split_title(some, titles),
            members=some.members,
            role=role.value,
            acting=some.acting[role].value,
            sustained=some.sustained[role].value,
            emerging=some.emerging[role].value,
            nothing=some.nothing[role].value,
        )
        for role in Role
    ]


def _split_title(some: Slice, titles: Mapping[str, str]) -> str:
    key = some.key
    if some.by in (By.GROUP, By.COURSE):
        return _("%(name)s: learners", name=titles.get(f"{some.by}-{key}", key))
    said = {
        "all": _("All members"),
        "learners": _("Learners"),
        "staff": _("Everybody but learners"),
        "learner": _("LMS role learner"),
        "mentor": _("LMS role mentor"),
        "teaching_assistant": _("LMS role teaching assistant"),
        "content_developer": _("LMS role content developer"),
        "instructor": _("LMS role instructor"),
        "administrator": _("LMS role administrator"),
    }
    return said.get(key, key)


def _trend(page: ProfilePage) -> list[TrendLine]:
    if page.trend is None:
        return []
    whom = page.trend.whom
    return [
        _point(profile, some, role)
        for profile in page.trend.profiles
        if profile.enough and (some := profile.slice(whom)) is not None
        for role in Role
    ]


def _point(profile: Profile, some: Slice, role: Role) -> TrendLine:
    count = some.acting[role].value
    low, high = wilson(count, some.members) if count is not None and some.members else (0.0, 1.0)
    return TrendLine(
        first=profile.window.first,
        last=profile.window.last,
        members=some.members,
        role=role.value,
        acting=count,
        share=_whole(count / some.members) if count is not None and some.members else None,
        low=lowest(low) if count is not None and some.members else None,
        high=highest(high) if count is not None and some.members else None,
    )


def _chart(chart: Chart) -> ChartCopy:
    return ChartCopy(
        key=chart.key,
        title=chart.title,
        finding=chart.finding,
        description=chart.description,
        svg=str(chart.svg),
        printed=for_print(chart),
        header=chart.header,
        rows=chart.rows,
        note=chart.note,
    )


def _unsaid(page: ProfilePage, scope: Scope) -> tuple[str, ...]:
    if page.roles is None:
        return ()
    unmixed = page.figures.target is not None and page.figures.mismatch is None
    mix = _("Too few act in some of the roles to say how the mix stands to that of the target.")
    return (
        *((mix,) if unmixed else ()),
        _(
            "“Not said” stands where somebody could be told from a number: where fewer than %(least)d people would be "
            "known.",
            least=scope.settings.least_cell,
        ),
    )


def _whole(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
