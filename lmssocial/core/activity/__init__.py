"""The log of what happened in courses – and the outbox: everything that leaves for elsewhere starts here.

:func:`record` writes an event in the transaction of the change it tells of. Readers are *subscribers*: each has one
integer cursor and moves it in the transaction in which it handled the event (:mod:`.relay`).
"""

from lmssocial.core.activity.models import ActivityEvent, Parked, Subscriber
from lmssocial.core.activity.record import record
from lmssocial.core.kernel.events import Happened

__all__ = ["ActivityEvent", "Happened", "Parked", "Subscriber", "record"]
