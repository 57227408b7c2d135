"""Three places to start from when a community writes its first target, and where their numbers come from.

None is a recommendation, and none is preselected: what is usual elsewhere is no purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel.speaklater import LazyString

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets.values import Band


@dataclass(frozen=True, kw_only=True)
class Start:
    """Bands to start from."""

    key: str
    title: LazyString
    fits: LazyString
    """Which communities it is for."""
    whence: LazyString
    """Where the numbers come from, and what they do not rest on."""
    bands: Mapping[Role, Band]


def _bands(*pairs: tuple[int, int]) -> Mapping[Role, Band]:
    return MappingProxyType({role: Band(*pair) for role, pair in zip(Role, pairs, strict=True)})


STARTS: Mapping[str, Start] = MappingProxyType(
    {
        start.key: start
        for start in (
            Start(
                key="voluntary",
                title=_l("Voluntary"),
                fits=_l(
                    "People come because they want to. Most read, some write, a few look after the place."
                ),
                whence=_l(
                    "Communities at work report that 5 to 10 per cent contribute actively, and that this is normal. "
                    "On a public site for questions and answers, 8 per cent of the members acted as Creator after "
                    "half a year, and about 1 per cent in each of the three others. A study of online courses found "
                    "about two silent readers for everybody who wrote, which is all that the band for Consumers rests "
                    "on."
                ),
                bands=_bands((20, 60), (5, 15), (1, 5), (1, 5), (1, 5)),
            ),
            Start(
                key="mixed",
                title=_l("Mixed"),
                fits=_l(
                    "Taking part is expected, and nobody is made to: a course with some tasks in the open."
                ),
                whence=_l(
                    "In two open online courses for teachers, 42 and 44 per cent acted as Creator in the first four "
                    "weeks, 17 and 26 per cent in the next. In the first month of a site for questions and answers, 6 "
                    "per cent acted as Connector, 9 as Carrier and 10 as Caretaker. For Consumers there is no figure; "
                    "the band is a guess."
                ),
                bands=_bands((40, 80), (15, 45), (2, 10), (2, 10), (2, 10)),
            ),
            Start(
                key="required",
                title=_l("Required discussion"),
                fits=_l("Everybody has to write: graded group work, a seminar with discussion every week."),
                whence=_l(
                    "In a course with graded group work, 117 of 130 wrote on two days or more, and 128 read on three "
                    "or more. Required writing says little of the other three roles: for them there is no figure, and "
                    "the wide bands are a guess."
                ),
                bands=_bands((80, 100), (70, 95), (2, 25), (2, 25), (2, 25)),
            ),
        )
    }
)
"""By key, in the order in which they are shown."""
