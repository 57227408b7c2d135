"""What an instructor sets for one placement. It travels with course copies; nothing in it names a person."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from lmssocial.core.db import JsonObject
from lmssocial.widgets.experts.models import Reach


@dataclass(frozen=True, kw_only=True)
class ExpertSettings:
    """The settings of one placement. Every default is what an instructor who sets nothing expects."""

    reach: Reach = Reach.COURSE
    """How far away experts may be; they must have said so, too."""
    volunteers: bool = True
    """Whether learners may offer themselves as experts; staff and SMEs always may."""
    private: bool = True
    """Whether a question may be for experts only."""
    per_wave: int = 2
    """How many experts are waited for at the same time."""
    per_urgent_wave: int = 3
    """Likewise, where there is an exam or a date."""
    answer_hours: int = 12
    """How many of an expert's own open hours they have to accept, before the next one is asked."""
    open_hours: int = 36
    """After how many hours of working days a question is open to everybody."""
    steward_hours: int = 72
    """After how many it is on the stewards' desk."""
    promised_hours: int = 48
    """How many hours of working days somebody who accepted has to answer."""
    silence_days: int = 7
    """How long after an answer a question counts as resolved if the asker does not come back."""
    reopen_days: int = 14
    """How long a resolved question may be opened again by its asker."""
    most_open: int = 3
    """Questions that one person may have open."""
    most_day: int = 5
    """Questions that one person may ask in 24 hours."""
    review_months: int = 12
    """After how many months somebody looks at a published answer again."""
    zone: str = ""
    """The time zone of the course, an IANA name; empty: UTC."""
    opens: int = 8
    """The hour at which its day begins: nothing falls due in the night."""
    closes: int = 20
    days: str = "12345"
    """Its working days: 1 is Monday."""
    holidays: tuple[str, ...] = ()
    """Days that are none, as ISO 8601 dates."""

    @classmethod
    def read(cls, stored: JsonObject) -> Self:
        """What stands in a placement's settings; anything missing or unknown is as if it had not been set."""
        plain = cls()
        known = {
            field.name: _read(stored[field.name], getattr(plain, field.name))
            for field in fields(cls)
            if field.name in stored
        }
        return cls(**known)

    def as_json(self) -> JsonObject:
        """How :meth:`read` finds it again."""
        return asdict(self) | {"holidays": list(self.holidays)}


def _read(value: Any, default: Any) -> Any:
    """``value`` if it is of the kind that ``default`` has, else ``default``."""
    try:
        if isinstance(default, StrEnum):
            return type(default)(value)
        if isinstance(default, bool):
            return value if isinstance(value, bool) else default
        if isinstance(default, tuple):
            return tuple(str(one) for one in value)
        return type(default)(value)
    except (TypeError, ValueError):
        return default
