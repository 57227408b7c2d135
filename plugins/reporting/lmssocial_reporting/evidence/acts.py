"""From events to acts: what somebody did, whichever widget tells it and in whichever version.

An event that cannot be understood is left out and logged; nothing that stands in a payload stops the course it is in.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lmssocial.plugin import Happened
from lmssocial_reporting.evidence import community_acts, discussion_acts, experts_acts, peer_rating_acts
from lmssocial_reporting.evidence.telling import NotUnderstoodError, Told
from lmssocial_reporting.store.port import LASTING, Act

log = logging.getLogger(__name__)

Reader = Callable[[Told], Iterable[Act]]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        **community_acts.READERS,
        **discussion_acts.READERS,
        **experts_acts.READERS,
        **peer_rating_acts.READERS,
    }
)
"""Who reads which event; all others tell of nothing that a role is made of."""


def acts_of(event: Happened, zone: ZoneInfo) -> list[Act]:
    """What ``event`` tells, numbered by ``part``; the same for the same event, whenever it is read.

    What somebody did who was erased since is left out, unless it says what there is: an item, or that it is gone.

    :param zone: in which the days of its course are reckoned.
    """
    reader = READERS.get(event.name)
    if reader is None or event.course_id is None:
        return []
    try:
        told = list(reader(Told(event, zone)))
    except NotUnderstoodError as odd:
        log.warning("An event was not understood and left out: %s (number %d).", odd, event.id)
        return []
    numbered = [act._replace(part=part) for part, act in enumerate(told)]
    return [act for act in numbered if act.member or act.deed in LASTING]
