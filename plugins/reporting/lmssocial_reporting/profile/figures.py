"""The five roles of a window against a target, as numbers and as words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.drawing import highest, lowest, percent
from lmssocial_reporting.definition import Role
from lmssocial_reporting.figures.chance import by_chance, jensen_shannon_by_chance
from lmssocial_reporting.figures.distances import jensen_shannon, total_variation
from lmssocial_reporting.figures.intervals import wilson
from lmssocial_reporting.people import Window
from lmssocial_reporting.profile.verdicts import Verdict, gap_of, verdict_of
from lmssocial_reporting.roles.words import role_sentence, role_title
from lmssocial_reporting.store.port import Count, Profile, Slice
from lmssocial_reporting.targets.values import Band, Target

LEARNERS, EVERYBODY = "learners", "all"
FEW_ACTING = 100
"""Below so many acting members, the mix of roles usually allows of no verdict."""


@dataclass(frozen=True, kw_only=True)
class RoleFigure:
    """One role: which share acted in it, and what that says."""

    role: Role
    title: str
    meaning: str
    count: int | None
    """How many acted in it; ``None``: not said."""
    of: int
    share: float | None
    """0 to 1."""
    low: float
    high: float
    """The 95 % Wilson interval of the share."""
    band: Band | None
    gap: int | None
    """Points from the nearer end of the band to the share, negative below it, 0 in it."""
    verdict: Verdict | None
    emerging: int | None
    sustained: int | None
    nothing: int | None

    @property
    def sentence(self) -> str:
        """How far the share could have turned out otherwise. The members are all there are: it is no sample."""
        if self.share is None:
            return _("Too few to say: somebody could be told from the number.")
        return _(
            "If the same members repeated a month like this, the share would plausibly lie between %(low)s "
            "and %(high)s.",
            low=percent(lowest(self.low) / 100),
            high=percent(highest(self.high) / 100),
        )

    @property
    def gap_words(self) -> str:
        """The gap in points; empty where there is none."""
        if not self.gap:
            return ""
        points = abs(self.gap)
        if self.gap < 0:
            return _("1 point below it") if points == 1 else _("%(points)d points below it", points=points)
        return _("1 point above it") if points == 1 else _("%(points)d points above it", points=points)


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """How far the mix of roles is from that of the target."""

    share: float
    """Total variation, 0 to 1: this much of the participation would have to change its role."""
    chance: float
    """What it stays below in 95 of 100 groups as large that meet the target."""
    acting: int
    """How many members the mix is of."""
    mix: tuple[float, ...]
    """The mix itself, in the order of the roles; what is reckoned from it may be said."""
    meant: tuple[float, ...]
    """That of the target."""

    @property
    def jensen_shannon(self) -> float:
        """The Jensen–Shannon distance of the two, for files that others reckon with."""
        return jensen_shannon(self.mix, self.meant)

    @property
    def jensen_shannon_chance(self) -> float:
        """What that one stays below in 95 of 100 groups as large that meet the target."""
        return jensen_shannon_by_chance(self.meant, self.acting)

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance alone would give."""
        return self.share > self.chance

    @property
    def sentence(self) -> str:
        """What that says."""
        numbers = {"share": percent(self.share), "chance": percent(self.chance), "acting": self.acting}
        if self.is_clear:
            return _(
                "At least %(share)s of the participation would have to be in another role to make the mix of the "
                "target. Chance alone would give up to %(chance)s with %(acting)d acting members, so this is a "
                "difference.",
                **numbers,
            )
        return _(
            "At least %(share)s of the participation would have to be in another role to make the mix of the target, "
            "but chance alone would give up to %(chance)s with %(acting)d acting members: whether the mix differs is "
            "not clear yet.",
            **numbers,
        )


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the profile of a window says."""

    window: Window
    whom: str
    """``learners`` or ``all``: of whom the shares are."""
    instead: bool
    """Whether the target speaks of everybody, and only the learners can be shown: there are few others, of whom a
    number about everybody would tell."""
    of: int
    """How many they are."""
    members: int
    """How many members there are in all."""
    enough: bool
    """Whether there are enough of them for shares."""
    roles: tuple[RoleFigure, ...]
    mismatch: Mismatch | None
    target: Target | None

    @property
    def sentence(self) -> str:
        """What one sees, in one sentence."""
        said = [one for one in self.roles if one.share is not None]
        if not self.enough or not said:
            return _("There are too few members to say shares of them.")
        return _against_target(self.roles) if self.target else _by_themselves(said, self.whom)


def figures_of(profile: Profile, target: Target | None) -> Figures:
    """The figures of ``profile``, compared with ``target`` if there is one in force.

    Of those whom the target speaks of; without a target, of the learners. Where more can be said of the learners than
    of everybody, they are of the learners: in a course with few others, a number about all would tell about these.
    """
    learners, everybody = profile.slice(LEARNERS), profile.slice(EVERYBODY)
    of_everybody = target is not None and not target.of_learners
    more_of_learners = _said(learners) > _said(everybody)
    if target is not None and target.of_learners:
        whom = LEARNERS
    elif of_everybody:
        whom = LEARNERS if more_of_learners else EVERYBODY
    else:
        whom = EVERYBODY if _said(everybody) > _said(learners) else LEARNERS
    chosen = learners if whom == LEARNERS else everybody
    return Figures(
        window=profile.window,
        whom=whom,
        instead=of_everybody and whom == LEARNERS,
        of=chosen.members if chosen else 0,
        members=profile.members,
        enough=profile.enough,
        roles=tuple(_role_figure(role, chosen if profile.enough else None, target) for role in Role),
        mismatch=_mismatch(chosen, target) if profile.enough else None,
        target=target,
    )


def mix_of(bands: Mapping[Role, Band]) -> list[float] | None:
    """The mix a target means: the middles of its bands, as shares that sum to 1. ``None`` if all of them are 0."""
    middles = [bands[role].middle for role in Role]
    return [middle / sum(middles) for middle in middles] if sum(middles) else None


def listed(words: Sequence[str]) -> str:
    """Words one after another: ``A``, ``A and B``, ``A, B and C``."""
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s", some=_(", ").join(words[:-1]), last=words[-1])


def _said(some: Slice | None) -> int:
    """Of how many roles it is said how many act in them."""
    return 0 if some is None else sum(some.acting[role].value is not None for role in Role)


def _role_figure(role: Role, some: Slice | None, target: Target | None) -> RoleFigure:
    count = some.acting[role].value if some else None
    of = some.members if some else 0
    share = count / of if count is not None and of else None
    low, high = wilson(count, of) if count is not None and share is not None else (0.0, 1.0)
    band = target.bands[role] if target else None
    compared = band is not None and share is not None
    return RoleFigure(
        role=role,
        title=role_title(role),
        meaning=role_sentence(role),
        count=count,
        of=of,
        share=share,
        low=low,
        high=high,
        band=band,
        gap=gap_of(share, band) if compared and share is not None and band else None,
        verdict=verdict_of(low, high, band) if compared and band else None,
        emerging=_value(some.emerging, role) if some else None,
        sustained=_value(some.sustained, role) if some else None,
        nothing=_value(some.nothing, role) if some else None,
    )


def _value(counts: Mapping[Role, Count], role: Role) -> int | None:
    return counts[role].value


def _mismatch(some: Slice | None, target: Target | None) -> Mismatch | None:
    if some is None or target is None or some.mix is None or not some.acting_members:
        return None
    meant = mix_of(target.bands)
    if meant is None:
        return None
    mix = tuple(some.mix[role] for role in Role)
    return Mismatch(
        share=total_variation(mix, meant),
        chance=by_chance(meant, some.acting_members),
        acting=some.acting_members,
        mix=mix,
        meant=tuple(meant),
    )


def _against_target(roles: Sequence[RoleFigure]) -> str:
    """Tell which role stands how: ``Within the target: Consumer; not clear yet: Creator and Carrier.``."""
    of = {verdict: listed([one.title for one in roles if one.verdict is verdict]) for verdict in Verdict}
    parts = [
        _("%(verdict)s: %(roles)s", verdict=verdict.word, roles=titles)
        for verdict, titles in of.items()
        if titles
    ]
    if unsaid := listed([one.title for one in roles if one.share is None]):
        parts.append(_("%(verdict)s: %(roles)s", verdict=_("too few to say"), roles=unsaid))
    said = _("; ").join(parts)
    return _("%(sentence)s.", sentence=said[:1].upper() + said[1:])


def _by_themselves(said: Sequence[RoleFigure], whom: str) -> str:
    """Tell the shares from the largest on."""
    first, *others = sorted(said, key=lambda one: one.share or 0.0, reverse=True)
    numbers = {"share": percent(first.share), "role": first.title}
    if whom == LEARNERS:
        begins = _("In these four weeks, %(share)s of the learners acted as %(role)s", **numbers)
    else:
        begins = _("In these four weeks, %(share)s of the members acted as %(role)s", **numbers)
    rest = [_("%(share)s as %(role)s", share=percent(one.share), role=one.title) for one in others]
    return _("%(sentence)s.", sentence=listed([begins, *rest]))
