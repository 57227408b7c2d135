"""Every hook there is. A hook exists only if a first-party plugin uses it.

Rules for all of them: synchronous; arguments are frozen values; answers are combined so that no order matters
(votes, sums, named registrations); ``tryfirst``, ``trylast`` and wrappers are refused; an implementation takes only
the arguments it names.
"""

from collections.abc import Sequence
from typing import Any

import pluggy

from lmssocial.core.hooks.types import Submission, Verdict, Widget
from lmssocial.core.kernel.events import Event

PROJECT = "lmssocial"
HOOK_API = (1, 0)
"""Minor: a hook or an argument was added. Major: one was removed."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def lmssocial_register_widgets() -> Sequence[Widget]:  # type: ignore[empty-body]  # a specification has no body
    """Offer widgets that instructors can place in courses.

    Called once at start-up. Returns the widgets; their kinds must be unlike those of every other plugin.
    If it raises, or a kind is taken, the plugin is not loaded and the administrator reads why.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_event_types() -> Sequence[type[Event]]:  # type: ignore[empty-body]  # see above
    """Name the events this plugin records in the activity log.

    Called once at start-up. Returns event classes; names must begin with the plugin's name and a dot.
    If it raises, or a name and version are taken, the plugin is not loaded.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_screen_submission(submission: Submission, settings: Any) -> Verdict | None:
    """Judge a submission before it is published.

    Called in the author's request, once for each policy within reach; keep it under 50 ms.
    Returns a verdict, or ``None`` to abstain. Every policy votes and the strictest ruling wins.
    If it raises, its vote counts as HOLD, a person decides, and the failure is logged.

    .. versionadded:: 1.0
    """
