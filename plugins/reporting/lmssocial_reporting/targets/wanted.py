"""What a target says, where it belongs, and whom one asks: what its setters decide."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lmssocial.plugin import Invalid, gettext
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets.values import Band, Target

LEAST_CONSULTED = timedelta(days=3)
"""How long members are asked at least."""
MOST_CONSULTED = timedelta(days=60)
"""How long at most, so that nothing stays open for ever."""
MOST_UNTIL_REVIEW = timedelta(days=731)
"""Two years: what nobody looks at again was not the community's for long."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a target says."""

    purpose: str
    speaks_of: str
    bands: Mapping[Role, Band]
    review_on: date

    @property
    def fingerprint(self) -> str:
        """Another one whenever it says something else."""
        bands = [f"{role}:{self.bands[role].low}-{self.bands[role].high}" for role in Role]
        said = "\n".join([self.purpose, self.speaks_of, self.review_on.isoformat(), *bands])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def check(self, today: date) -> None:
        """Go on only with what can be a target.

        :raises Invalid: in words that say what cannot.
        """
        if not self.purpose.strip():
            raise Invalid(gettext("Say in a sentence what the community is for."))
        if self.speaks_of not in {"all", "learners"}:
            raise Invalid(gettext("Say of whom the shares are."))
        if set(self.bands) != set(Role):
            raise Invalid(gettext("Each of the five roles needs a band; it may be as wide as 0 to 100."))
        if any(not 0 <= band.low <= band.high <= 100 for band in self.bands.values()):
            raise Invalid(gettext("A band goes from a share to the same or a larger one, between 0 and 100."))
        if not today < self.review_on <= today + MOST_UNTIL_REVIEW:
            raise Invalid(gettext("The day of the review is in the future, in two years at most."))


def said_by(target: Target) -> Wanted:
    """What a target that was written down says."""
    return Wanted(
        purpose=target.purpose,
        speaks_of=target.speaks_of,
        bands=target.bands,
        review_on=target.review_on,
    )


@dataclass(frozen=True)
class Whereabouts:
    """To which scope a target belongs, and from which activity it is looked after."""

    scope: str
    placement_id: int


@dataclass(frozen=True)
class Asked:
    """Whom to ask, and until when."""

    ends_on: date
    """The last day."""
    course_ids: tuple[int, ...]
    """In which courses."""
    who: str = "everybody"
    """``everybody`` in them, or ``stewards`` and staff."""
