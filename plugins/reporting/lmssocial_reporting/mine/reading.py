"""What one's own page shows: what one did in each role, and what that amounts to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from lmssocial.plugin import Invalid
from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import Actor, names, placed
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.definition import RULE, Kind, Role
from lmssocial_reporting.evidence.deriving import is_withheld
from lmssocial_reporting.mine.lines import Line, lines_of
from lmssocial_reporting.mine.withholding import Which, reads_unseen, withheld_by
from lmssocial_reporting.models import Withheld
from lmssocial_reporting.people import Window
from lmssocial_reporting.roles.words import kind_done, role_sentence, role_title
from lmssocial_reporting.scope import last_sunday, today
from lmssocial_reporting.store.port import Strength

EARLIER = 12
"""Windows that can be leafed back through: about a year."""


@dataclass(frozen=True, kw_only=True)
class OwnRole:
    """One's own part in one role."""

    role: Role
    title: str
    sentence: str
    verdict: str
    days: int
    others: int
    lines: tuple[Line, ...]

    @property
    def strength(self) -> float:
        """Of how much there is evidence, from 0 to 1: half from days (four are all), half from people (three are)."""
        return min(1.0, self.days / 4) / 2 + min(1.0, self.others / 3) / 2

    @property
    def strength_words(self) -> str:
        """The same in a word."""
        if not self.strength:
            return _("nothing seen")
        if self.strength < 0.5:
            return _("a little")
        return _("much") if self.strength == 1 else _("some")


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something that is not counted because its member said so."""

    id: int
    day: date | None
    sentence: str
    contested: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class OwnPart:
    """One's own part in a window."""

    window: Window
    back: int
    """How many windows before the present one."""
    more: bool
    """Whether there is an earlier one."""
    roles: tuple[OwnRole, ...]
    since: tuple[Line, ...]
    """What came after the present window, and counts in the next."""
    left_out: tuple[LeftOut, ...]
    reads_unseen: bool


def own_part(frame: Frame, back: int) -> OwnPart:
    """What is kept of whoever asks, in a window. A constant number of queries.

    :param back: how many windows before the present one, 0 to :data:`EARLIER`.
    """
    actor, store = frame.actor, frame.store
    last = last_sunday(frame.settings) - timedelta(days=28 * back)
    window = Window.ending(last)
    until = today(frame.settings) if back == 0 else last
    withheld = withheld_by(frame.session, actor)
    found = [
        one
        for one in store.evidence_of((actor.course_id,), actor.user_id, window.first, until)
        if not is_withheld(one, withheld)
    ]
    others = {one.other for one in found if one.other} | {row.other for row in withheld if row.other}
    called = names(frame.session, actor.tenant_id, others)
    places = _places(frame.session, actor)
    within = lines_of((one for one in found if one.day <= window.last), called, places)
    strengths = {
        one.role: one for one in store.strengths((actor.course_id,), window) if one.member == actor.user_id
    }
    return OwnPart(
        window=window,
        back=back,
        more=back < EARLIER,
        roles=tuple(_own_role(role, within, strengths.get(role)) for role in Role),
        since=tuple(lines_of((one for one in found if one.day > window.last), called, places)),
        left_out=tuple(_left_out(row, called.get(row.other or 0)) for row in withheld if row.day is not None),
        reads_unseen=reads_unseen(withheld),
    )


def own_line(frame: Frame, which: Which) -> Line:
    """The line of one's own part that is to be left out. Four queries.

    :raises Invalid: if there is none: only an address that was made by hand asks for that.
    """
    actor = frame.actor
    withheld = withheld_by(frame.session, actor)
    found = [
        one
        for one in frame.store.evidence_of((actor.course_id,), actor.user_id, which.day, which.day)
        if one.kind is which.kind and not is_withheld(one, withheld)
    ]
    called = names(frame.session, actor.tenant_id, {one.other for one in found if one.other})
    for line in lines_of(found, called, _places(frame.session, actor)):
        if (line.other, line.item) == (which.other, which.item):
            return line
    raise Invalid(_("There is no such line. Open your part again."))


def _places(session: Session, actor: Actor) -> dict[int, str]:
    return {one.placement_id: one.title for one in placed(session, [actor.course_id])}


def _own_role(role: Role, lines: Sequence[Line], strength: Strength | None) -> OwnRole:
    own = tuple(line for line in lines if line.role is role)
    return OwnRole(
        role=role,
        title=role_title(role),
        sentence=role_sentence(role),
        verdict=_verdict(role, strength) if own else _("Nothing seen, which may well be fine."),
        days=strength.days if own and strength else 0,
        others=strength.others if own and strength else 0,
        lines=own,
    )


def _verdict(role: Role, strength: Strength | None) -> str:
    title, bar = role_title(role), RULE.bars[role]
    if strength is None:
        return _("Some, but between two of you alone, in what nobody else touched: that does not count.")
    if strength.sustains():
        return _("You acted as %(role)s in these four weeks, and kept it up.", role=title)
    if strength.acts():
        return _("You acted as %(role)s in these four weeks.", role=title)
    if strength.weak:
        return _(
            "Some, of a kind that alone makes nobody act as %(role)s: it is quickly done, and counts once a day.",
            role=title,
        )
    return _(
        "Some. Acting as %(role)s takes %(days)d days and %(others)d people.",
        role=title,
        days=bar.days,
        others=bar.others,
    )


def _left_out(row: Withheld, name: str | None) -> LeftOut:
    return LeftOut(
        id=row.id,
        day=row.day,
        sentence=kind_done(Kind(row.kind), name),
        contested=row.contested,
        words=row.words,
    )
