"""Every hook there is. A hook exists only if a first-party plugin uses it.

Rules for all of them: synchronous; arguments are frozen values; answers are combined so that no order matters
(votes, sums, named registrations); ``tryfirst``, ``trylast`` and wrappers are refused; an implementation takes only
the arguments it names.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pluggy

from lmssocial.core.hooks.channels import Channel
from lmssocial.core.hooks.playing import Demo
from lmssocial.core.hooks.rating import Allocator, Scoring
from lmssocial.core.hooks.routing import Badges, Ranking
from lmssocial.core.hooks.timing import Timer
from lmssocial.core.hooks.types import Attachment, Submission, Verdict, Widget
from lmssocial.core.kernel.events import Event, Happened

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
def lmssocial_register_channels() -> Sequence[Channel]:  # type: ignore[empty-body]  # see above
    """Offer ways to reach people outside of the LMS, beside e-mail, which is registered the same way.

    Called once at start-up. Returns channels; their names must be unlike those of every other plugin.
    A message goes out by every channel that has an address for its person.
    If it raises, or a name is taken or malformed, the plugin is not loaded. What a channel raises while it sends stops
    neither other channels nor other messages that are not its own.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_allocators() -> Sequence[Allocator]:  # type: ignore[empty-body]  # see above
    """Offer ways to decide who reviews whose work in peer rating.

    Called once at start-up. Returns allocators; instructors choose one by name for each activity.
    If it raises, or a name is taken, the plugin is not loaded. An allocator that raises, takes more than two seconds
    for one person or ten for all, or answers what the pool does not allow, is not asked again for that decision: the
    built-in one decides, and the instructor is told.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_scorings() -> Sequence[Scoring]:  # type: ignore[empty-body]  # see above
    """Offer ways from what reviewers gave to one score for each work in peer rating.

    Called once at start-up. Returns scorings; instructors choose one by name for each activity.
    If it raises, or a name is taken, the plugin is not loaded. A scoring that raises, takes more than ten seconds, or
    answers points outside of the rubric's, changes no score: those that were there stay, and the instructor is told.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_rankings() -> Sequence[Ranking]:  # type: ignore[empty-body]  # see above
    """Offer signals for who is invited first to answer a question in expert connect.

    Called once at start-up. Returns rankings; what those of all plugins say that are on in a course is summed.
    If it raises, or a name is taken, the plugin is not loaded. A ranking that raises, takes more than half a second, or
    answers anything but numbers, is left out of that decision and noted in the log.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_badges() -> Sequence[Badges]:  # type: ignore[empty-body]  # see above
    """Offer a few words that stand beside people's names.

    Called once at start-up. Returns suppliers of badges; each is asked once for a page, for all the people on it.
    If it raises, or a name is taken, the plugin is not loaded. A supplier that raises while a page is made is left out
    of that page and noted in the log.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_timers() -> Sequence[Timer]:  # type: ignore[empty-body]  # see above
    """Offer what the plugin does by timer.

    Called once at start-up. Returns timers; the worker runs each of them every so often, one after the other, as long
    as the plugin is on anywhere. If it raises, or a name is there twice, the plugin is not loaded. A timer that raises
    or takes too long is called again later, with growing pauses, and the administrator can see why.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_commands() -> Sequence[Any]:  # type: ignore[empty-body]  # see above
    """Offer commands for the command line.

    Called when ``lmssocial <the plugin's name> …`` is typed. Returns ``click.Command`` objects; each is called with the
    plugin's :class:`~lmssocial.core.hooks.timing.Work` as ``click``'s context object.
    If it raises, the command line says why, and nothing else is affected.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_register_notices() -> Mapping[str, Any]:  # type: ignore[empty-body]  # see above
    """Say what people are told of the plugin's events.

    Called once at start-up. Returns the names of events and who makes notices of them, as
    :attr:`~lmssocial.core.hooks.types.Widget.notices` does for widgets.
    If it raises, the plugin is not loaded.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_export_person(  # type: ignore[empty-body]  # see above
    user_id: int, session: Any, settings: Any
) -> Mapping[str, Any]:
    """Hand out everything the plugin keeps about a person.

    Called when somebody asks what is kept about them, whether the plugin is on or not. ``settings`` says how the plugin
    is set in the tenant of the person. Returns JSON values by name, which stand under the plugin's name; the ids of
    other people have no place among them.
    If it raises, the request fails loudly: an answer with a hole in it would be a false one.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_erase_person(user_id: int, session: Any, with_words: bool) -> None:  # noqa: FBT001 – passed by name
    """Forget a person.

    Called in the transaction in which they are erased everywhere, whether the plugin is on or not. ``with_words`` says
    whether what they wrote goes as well; otherwise it stays under the name of a former member, which is what their id
    leads to from then on. Returns nothing; what the plugin stored must not name or number them any more afterwards,
    unless others' work rests on it.
    If it raises, nothing is erased anywhere, and the request fails loudly.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_screen_submission(submission: Submission, settings: Any) -> Verdict | None:
    """Judge a submission: while it is written, before it is published, and when it is edited.

    Called in a process of its own, once for each policy within reach, with nothing but values: no session, no request.
    ``submission.moment`` says when. Keep it under 50 ms; beyond the installation's budget it is stopped.
    Returns a verdict, or ``None`` to abstain. Every policy votes, each verdict is capped by the community's quality
    tier, and the strictest ruling wins.
    If it raises, hangs or returns anything else, the tier says what happens: published and looked at later (Open
    practice, Reviewed), or held (Assured). The failure is logged and counted; too many switch the plugin off.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_screen_attachment(attachment: Attachment, settings: Any) -> Verdict | None:
    """Judge a file before it is stored.

    Called like :func:`lmssocial_screen_submission`, with the file in memory.
    Returns a verdict, or ``None`` to abstain. One that is not about ``Concern.SAFETY`` holds the post the file belongs
    to; one that is may refuse the file.
    If it raises or hangs, the tier says what happens to the post.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_on_event(event: Happened, session: Any, settings: Any) -> None:
    """Learn of something that happened.

    Called by the worker, once for each event of the log and each plugin that is on where it happened, in the order of
    the log. A plugin that is new begins with the oldest event there is. ``session`` is a SQLAlchemy session for the
    plugin's own tables; what it writes is committed together with the plugin's place in the log, so nothing is counted
    twice. Returns nothing.
    If it raises, it is tried again with growing pauses; after five failures the event is parked for the administrator,
    and the plugin goes on with the next. Others are not affected.

    .. versionadded:: 1.0
    """


@hookspec
def lmssocial_play_demo(demo: Demo) -> None:
    """Add the plugin's part to the history of the demo.

    Called once by ``lmssocial demo``, after its course has been filled, if the plugin is on there. Returns nothing.
    If it raises, the demo does not start, and says why.

    .. versionadded:: 1.0
    """
