"""What all pages share: who asks, in which course, of what, and the tabs."""

from dataclasses import dataclass

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lmssocial.plugin_pages import Actor, current_actor, current_session, current_settings
from lmssocial_reporting.scope import Scope, looks_after, scope_of, scopes_of
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.choice import store_of
from lmssocial_reporting.store.port import ReportStore

bp = Blueprint("reporting", __name__, template_folder="templates")


@dataclass(frozen=True)
class Tab:
    """One of the pages of the report."""

    label: str
    endpoint: str
    """As the blueprint calls it: ``.profile_detail``."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One request: who asks, and what the page may speak of."""

    actor: Actor
    session: Session
    settings: Settings
    store: ReportStore
    tabs: tuple[Tab, ...]

    def scope(self) -> Scope:
        """What ``?of=`` names; this course where it names nothing.

        :raises NotAllowed: if the actor may not read that.
        """
        return scope_of(self.session, self.actor, self.settings, request.args.get("of", ""))

    def scopes(self) -> list[Scope]:
        """All that the actor may choose from."""
        return scopes_of(self.session, self.actor, self.settings)


def frame() -> Frame:
    """The frame of this request. Three queries: person and place, settings, and none for the store.

    :raises SignInNeeded: if nobody is signed in; the house answers that.
    """
    actor, session = current_actor(), current_session()
    settings = current_settings("reporting") or Settings()
    return Frame(
        actor=actor,
        session=session,
        settings=settings,
        store=store_of(session, settings),
        tabs=_tabs(actor, settings),
    )


def _tabs(actor: Actor, settings: Settings) -> tuple[Tab, ...]:
    reads = settings.readers == "everybody" or looks_after(actor)
    tabs = [Tab(_("Profile"), ".profile_detail"), Tab(_("Target"), ".target_detail")] if reads else []
    tabs += [Tab(_("My part"), ".mine_detail"), Tab(_("The five roles"), ".role_list")]
    if looks_after(actor):
        tabs += [
            Tab(_("Fulfilment"), ".skill_list"),
            Tab(_("Widgets"), ".widget_monitor"),
            Tab(_("Network"), ".network_monitor"),
            Tab(_("Sharing and reading"), ".sharing_monitor"),
            Tab(_("Threads"), ".thread_monitor"),
        ]
    if reads:
        tabs.append(Tab(_("Written report"), ".report_detail"))
    return tuple(tabs)
