"""Trying the rubric on an example: once, and then beside what staff give it. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db import JsonObject
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import excerpt
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, locked, running
from lmssocial.widgets.peer_rating.events import ExampleTried
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.examples.service import as_json, chosen, points_of
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.scoring.inputs import rubric_of
from lmssocial.widgets.peer_rating.settings import Calibration, Mode

_NOT_YET = frozenset({Phase.DRAFT, Phase.PUBLISHED})
_BEGINNING = 160
"""Characters of an example in the list."""


@dataclass(frozen=True, kw_only=True)
class TryRow:
    """An example in the list."""

    id: int
    beginning: str
    points: float | None
    """What the reader gave it; ``None``: not tried yet."""
    staff_points: float
    """Shown only once it is tried."""


@dataclass(frozen=True, kw_only=True)
class TryList:
    """The examples of an activity, for somebody who may try them."""

    rows: tuple[TryRow, ...]
    is_required: bool
    """Whether reviewing begins once all are tried."""

    @property
    def left(self) -> int:
        """How many they have not tried."""
        return sum(row.points is None for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One criterion: what somebody gave, beside what staff give."""

    criterion: str
    mine: str
    """The words of their level; empty if they did not try."""
    my_points: float
    staff: str
    staff_points: float
    said: str
    """The difference, as a sentence."""


@dataclass(frozen=True, kw_only=True)
class TryPage:
    """One example in front of somebody."""

    id: int
    number: int
    html: str
    rubric: tuple[Criterion, ...]
    asks: bool
    """Whether they are asked to choose levels: until then they read nothing of what staff give."""
    has_tried: bool
    lines: tuple[Line, ...] = ()
    summary: str = ""
    explanation: str = ""
    next_id: int | None = None
    """The next one that they have not tried."""


def try_list(session: Session, actor: Actor, placement_id: int) -> TryList:
    """The examples that can be tried, and how the actor fared. Two queries."""
    here = _open(session, actor, placement_id)
    rows = tuple(
        TryRow(
            id=one.example.id,
            beginning=excerpt(plain_text(one.source), _BEGINNING),
            points=one.tried.points if one.tried is not None else None,
            staff_points=one.example.points,
        )
        for one in _examples(session, actor, here)
    )
    required = here.settings.calibration is Calibration.REQUIRED and access.takes_part(actor)
    return TryList(rows=rows, is_required=required)


def try_page(session: Session, actor: Actor, placement_id: int, example_id: int) -> TryPage:
    """One example. What staff give it, and why, is in it only after the actor's try, or if they moderate and try none.

    Three queries.

    :raises NotFound: if there is none that the actor may read.
    """
    here = _open(session, actor, placement_id)
    rubric = rubric_of(session, here)
    known = _examples(session, actor, here)
    number, one = _one(known, example_id)
    staff = chosen(one.example, rubric)
    tries = access.takes_part(actor)  # experts among learners, too: reviewing may wait for it
    asks = one.tried is None and tries and staff is not None
    page = TryPage(
        id=example_id,
        number=number,
        html=one.html,
        rubric=rubric,
        asks=asks,
        has_tried=one.tried is not None,
        next_id=next((other.example.id for other in known if other.tried is None), None),
    )
    if one.tried is None and (tries or not actor.moderates):
        return page
    return replace(
        page,
        lines=_lines(rubric, staff, one.tried.levels if one.tried is not None else {}),
        summary=_summary(one.tried.points, one.example.points) if one.tried is not None else "",
        explanation=one.example.explanation,
    )


def try_out(
    session: Session, actor: Actor, placement_id: int, example_id: int, levels: Sequence[int]
) -> bool:
    """Note what the actor gives an example. Says whether it was their first try; a second one changes nothing.

    :raises NotFound: if there is no such example.
    :raises NotAllowed: unless they take part.
    :raises Invalid: if not every criterion has a level.
    """
    _open(session, actor, placement_id)
    if not access.takes_part(actor):
        raise NotAllowed(_("Examples are for those who review here to try."))
    here = locked(session, placement_id)
    rubric = rubric_of(session, here)
    _one(_examples(session, actor, here), example_id)
    complete = len(levels) == len(rubric) and all(
        0 <= level < len(line.levels) for level, line in zip(levels, rubric, strict=True)
    )
    if not complete:
        raise Invalid(_("Choose a level for every criterion."))
    made = {
        "example_id": example_id,
        "user_id": actor.user_id,
        "levels": as_json(levels),
        "points": points_of(rubric, levels),
        "made_at": clock.now(),
    }
    if not insert_if_absent(session, Try, made, [Try.example_id, Try.user_id]):
        return False
    here.activity.scores_stale = True
    activity.record(session, ExampleTried(**actor.envelope, placement_id=placement_id, example_id=example_id))
    return True


def _open(session: Session, actor: Actor, placement_id: int) -> Running:
    here = running(session, actor, placement_id)
    if here.settings.mode is not Mode.RUBRIC:
        raise NotFound(_("Here works are compared with each other; there are no examples to try."))
    if here.phase in _NOT_YET and not actor.moderates:
        raise NotFound(_("This activity has not begun yet."))
    return here


@dataclass(frozen=True, kw_only=True)
class _Known:
    """An example with the actor's try at it, if there is one."""

    example: Example
    html: str
    source: str
    tried: Try | None


def _examples(session: Session, actor: Actor, here: Running) -> list[_Known]:
    """Those in use, and those the actor tried before they were taken out, in their order. One query."""
    wanted = (
        select(Example, Contribution.html, Contribution.source, Try)
        .join(Contribution, Contribution.id == Example.contribution_id)
        .outerjoin(Try, and_(Try.example_id == Example.id, Try.user_id == actor.user_id))
        .where(
            Example.placement_id == here.placement.id,
            Contribution.state == State.PUBLISHED,
            Example.retired_at.is_(None) | Try.user_id.is_not(None),
        )
        .order_by(Example.position, Example.id)
    )
    return [
        _Known(example=example, html=html, source=source, tried=tried)
        for example, html, source, tried in session.execute(wanted)
    ]


def _one(known: Sequence[_Known], example_id: int) -> tuple[int, _Known]:
    for number, one in enumerate(known, start=1):
        if one.example.id == example_id:
            return number, one
    raise NotFound(_("There is no such example here."), reason=f"example {example_id}")


def _lines(rubric: Sequence[Criterion], staff: Sequence[int] | None, tried: JsonObject) -> tuple[Line, ...]:
    if staff is None:
        return ()
    mine = tried.get("levels", {})
    found = []
    for index, (line, level) in enumerate(zip(rubric, staff, strict=True)):
        text, points = line.levels[level]
        own = mine.get(str(index))
        has_own = own is not None and 0 <= own < len(line.levels)
        my_text, my_points = line.levels[own] if has_own else ("", 0.0)
        found.append(
            Line(
                criterion=line.title,
                mine=my_text,
                my_points=my_points,
                staff=text,
                staff_points=points,
                said=_difference(my_points - points),
            )
        )
    return tuple(found)


def _difference(points: float) -> str:
    """How far somebody's points are from those of staff, as a sentence."""
    number, shown = _form_of(points), f"{abs(points):g}"
    if points > 0:
        return ngettext(
            "You gave %(shown)s point more.", "You gave %(shown)s points more.", number, shown=shown
        )
    if points < 0:
        return ngettext(
            "You gave %(shown)s point less.", "You gave %(shown)s points less.", number, shown=shown
        )
    return _("You gave the same.")


def _summary(mine: float, staff: float) -> str:
    if mine == staff:
        return _("Together you gave %(mine)s points, and so did your instructors.", mine=f"{mine:g}")
    return _(
        "Together you gave %(mine)s points, your instructors %(staff)s.", mine=f"{mine:g}", staff=f"{staff:g}"
    )


def _form_of(points: float) -> int:
    """Which form of a word ``points`` take: halves are many."""
    return int(abs(points)) if points == int(points) else 2
