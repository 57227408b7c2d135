"""Everything the profile of a scope says, read with a constant number of statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lmssocial.plugin_data import courses
from lmssocial_reporting.charts.chart import Chart
from lmssocial_reporting.definition import Role
from lmssocial_reporting.evidence.standing import Standing, followed, standing_of
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.profile.figures import Figures, figures_of
from lmssocial_reporting.profile.flags import flags_of
from lmssocial_reporting.profile.notes import first_end_of, notes_of
from lmssocial_reporting.profile.pictures import acts_chart, roles_chart
from lmssocial_reporting.profile.sensitivity import Sensitivity, sensitivity_of
from lmssocial_reporting.profile.splits import Split, splits_of
from lmssocial_reporting.profile.trend import COMPARED, Acting, Trend, trend_chart, trend_of
from lmssocial_reporting.scope import Scope, populations
from lmssocial_reporting.store.counting import profile_of
from lmssocial_reporting.store.port import Profile, ReportStore
from lmssocial_reporting.targets.values import Target

WINDOWS = 7
"""How far the trend goes back: about half a year."""


@dataclass(frozen=True, kw_only=True)
class ProfilePage:
    """The page."""

    window: Window
    standing: Standing
    first_end: date | None
    """On which day the first four weeks end; ``None`` once they have."""
    profile: Profile
    population: Population
    figures: Figures
    acts: Mapping[Role, int]
    """Things done in each role in the window."""
    roles: Chart | None
    """The five shares; ``None`` where there are none to say."""
    done: Chart | None
    """What was done, for where there are no shares to say; ``None`` as long as the log was not read to its end once."""
    trend: Trend | None
    """``None`` as long as there is one window only."""
    trend_chart: Chart | None
    splits: tuple[Split, ...]
    sensitivity: Sensitivity | None
    """``None`` without a target."""
    flags: tuple[str, ...]
    """What to look at; for those who look after the community."""
    notes: tuple[str, ...]
    """What cannot be said yet, and when it can."""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The pictures that are shown."""
        shown = (self.roles or self.done, self.trend_chart)
        return tuple(one for one in shown if one)


def profile_page(session: Session, store: ReportStore, scope: Scope, target: Target | None) -> ProfilePage:
    """Read the page of ``scope``, compared with ``target`` if there is one in force.

    About twenty statements, however many members, courses, groups and windows there are.
    """
    course_ids = followed(session, scope.course_ids) or scope.course_ids
    standing, least = standing_of(session, course_ids, scope.zone), scope.settings.least_cell
    windows = windows_of(scope.window(), standing.begins_on)
    people = populations(session, course_ids, windows, scope.settings)
    tallies = [store.tallies(course_ids, one) for one in windows]
    profiles = [profile_of(one, some, least=least) for one, some in zip(people, tallies, strict=True)]
    newest, members = profiles[-1], people[-1]
    first_end = first_end_of(members.window, standing.begins_on)
    figures = figures_of(newest, target)
    told = standing.looked_at is not None and first_end is None and newest.enough
    trend = None
    if told and len(profiles) > 1:
        newest_ones = zip(people[-COMPARED:], tallies[-COMPARED:], strict=True)
        acting = [Acting.of(one, (tally.strength for tally in some)) for one, some in newest_ones]
        trend = trend_of(profiles, acting, figures.whom, least=least)
    return ProfilePage(
        window=members.window,
        standing=standing,
        first_end=first_end,
        profile=newest,
        population=members,
        figures=figures,
        acts=newest.acts,
        roles=roles_chart(figures) if told else None,
        done=acts_chart(newest) if standing.looked_at is not None else None,
        trend=trend,
        trend_chart=trend_chart(trend, target) if trend else None,
        splits=_splits(session, newest, members) if told else (),
        sensitivity=sensitivity_of(members, tallies[-1], figures, target, least=least)
        if told and target
        else None,
        flags=flags_of(store, members, profiles, figures.whom) if told else (),
        notes=notes_of(store, scope, members, standing, figures),
    )


def windows_of(newest: Window, begins_on: date | None) -> list[Window]:
    """The windows to show, the oldest first: those that began when the course had, and always the newest."""
    found = [newest]
    while len(found) < WINDOWS and begins_on is not None and found[0].before().first >= begins_on:
        found.insert(0, found[0].before())
    return found


def _splits(session: Session, profile: Profile, members: Population) -> tuple[Split, ...]:
    several = len(members.course_ids) > 1
    titles = {one.id: one.title for one in courses(session, ids=members.course_ids)} if several else {}
    return splits_of(profile, members.group_names, titles)
