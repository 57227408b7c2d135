"""Who does what for whom in a community, against a target the community set itself.

Evidence of five roles is derived from the log of events, shares of members are shown with what they rest on, and nobody
is ranked. Every member sees their own part, can leave lines of it out, and nobody else sees who did what.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.plugin import Demo, Event, Happened, Manifest, Timer, hookimpl, lazy_gettext, lazy_pgettext
from lmssocial_reporting import demo as demo_story
from lmssocial_reporting import leaving
from lmssocial_reporting.commands import COMMANDS
from lmssocial_reporting.evidence import following
from lmssocial_reporting.mine.events import EVENTS as ASSESSMENT_EVENTS
from lmssocial_reporting.mine.notices import NOTICES as ASSESSMENT_NOTICES
from lmssocial_reporting.sending import delivering
from lmssocial_reporting.settings import SECRETS, SET_ABOVE, Settings, SettingsForm
from lmssocial_reporting.targets import timing as target_dates
from lmssocial_reporting.targets.events import EVENTS as TARGET_EVENTS
from lmssocial_reporting.targets.notices import NOTICES as TARGET_NOTICES

manifest = Manifest(
    name="reporting",
    title=lazy_pgettext("the report", "Report"),
    summary=lazy_gettext(
        "Shows which shares of the members act as Consumer, Creator, Connector, Carrier and Caretaker, against a "
        "target that the community sets itself. Nobody is ranked."
    ),
    settings=Settings,
    settings_form=SettingsForm,
    secrets=SECRETS,
    set_above=SET_ABOVE,
    migrations="migrations",
    pages="lmssocial_reporting.routes:bp",
    stores=lazy_gettext(
        "What members did for whom on which day, without any words, until they are erased; what they said of "
        "themselves and of colleagues who asked; targets, and drafts of reports and published ones, whose figures "
        "name nobody."
    ),
)


@hookimpl
def lmssocial_on_event(event: Happened, session: Any) -> None:
    """Note that there is news in a course; what it is, the timer reads in the log."""
    tables: Session = session
    following.note(tables, event)


@hookimpl
def lmssocial_register_timers() -> Sequence[Timer]:
    """Read what is new and derive evidence from it; send what waits to be sent; note dates of targets that came."""
    return [
        Timer(name="follow", every=timedelta(seconds=5), run=following.follow),
        Timer(name="send", every=timedelta(seconds=30), run=delivering.send),
        Timer(name="targets", every=timedelta(minutes=10), run=target_dates.remind),
    ]


@hookimpl
def lmssocial_register_event_types() -> Sequence[type[Event]]:
    """What happens to targets and to assessments of skills."""
    return [*TARGET_EVENTS, *ASSESSMENT_EVENTS]


@hookimpl
def lmssocial_register_notices() -> Mapping[str, Any]:
    """Who is told of targets and of assessments of skills."""
    return {**TARGET_NOTICES, **ASSESSMENT_NOTICES}


@hookimpl
def lmssocial_register_commands() -> Sequence[Any]:
    """``status`` and ``rebuild``."""
    return COMMANDS


@hookimpl
def lmssocial_export_person(user_id: int, session: Any, settings: Any) -> Mapping[str, Any]:
    """What somebody did, said and set here."""
    return leaving.export(session, user_id, settings)


@hookimpl
def lmssocial_erase_person(user_id: int, session: Any) -> None:
    """Forget somebody; their days are derived again by the timer."""
    leaving.forget(session, user_id)


@hookimpl
def lmssocial_play_demo(demo: Demo) -> None:
    """Let the demo's course have a target."""
    demo_story.play(demo)
