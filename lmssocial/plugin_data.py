"""What a plugin may read of a site beside its own tables: the log of events, courses, people, groups.

It stands apart from :mod:`lmssocial.plugin` because it needs the database: a policy that is asked in a process of its
own does not carry it along. Everything takes a session, which a timer gets from its :class:`~lmssocial.plugin.Work`, an
event handler is handed, and a page has as :func:`lmssocial.plugin_pages.current_session`. Rows come as plain values, by
course: scope what you show by the courses of whoever looks at it.

What notices are made of stands here as well: a plugin that tells people of its events returns an object with the
methods of :class:`Noticed` from ``lmssocial_register_notices``.
"""

from lmssocial.core.activity import record
from lmssocial.core.activity.catalogue import EventField, EventType, event_catalogue
from lmssocial.core.activity.reading import newest_in, of_course
from lmssocial.core.db import JsonObject, UtcDateTime
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.directory import (
    CourseFacts,
    Enrolled,
    Placed,
    SpanFacts,
    courses,
    enrolled,
    group_names,
    members_called,
    names,
    placed,
    spans_around,
    spans_of,
)
from lmssocial.social.content.references import address_of
from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind as NoticeKind
from lmssocial.social.notifications.ports import Noted, Noticed, Proposal, Withdrawal, Worded

__all__ = [
    "Actor",
    "CourseFacts",
    "Enrolled",
    "EventField",
    "EventType",
    "How",
    "JsonObject",
    "Noted",
    "NoticeKind",
    "Noticed",
    "Office",
    "Placed",
    "Proposal",
    "SpanFacts",
    "UtcDateTime",
    "Withdrawal",
    "Worded",
    "address_of",
    "courses",
    "enrolled",
    "event_catalogue",
    "group_names",
    "members_called",
    "names",
    "newest_in",
    "of_course",
    "placed",
    "record",
    "spans_around",
    "spans_of",
]
