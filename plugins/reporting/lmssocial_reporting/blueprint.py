"""What all pages share: who asks, in which course, of what, and the tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lmssocial.plugin_pages import Actor, current_actor, current_session, current_settings
from lmssocial_reporting.scope import Scope, looks_after, may_read, scope_of, scopes_of
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.choice import store_of
from lmssocial_reporting.store.port import ReportStore

bp = Blueprint("reporting", __name__, template_folder="templates")

_View = TypeVar("_View", bound=Callable[..., Any])


def posted(rule: str, form: str, *keeps: str) -> Callable[[_View], _View]:
    """What is sent to an address at which no page stands.

    A form with a mistake comes back from there, so people reload and keep that address: a GET leads to the form.

    :param form: the view of the page with the form, as in ``url_for``.
    :param keeps: what of the address that page has in its own.
    """

    def lead(placement_id: int, **values: Any) -> Response:
        kept = {name: values[name] for name in keeps}
        return redirect(url_for(form, placement_id=placement_id, **kept), 303)

    def register(view: _View) -> _View:
        bp.add_url_rule(rule, view_func=view, methods=["POST"])
        bp.add_url_rule(rule, f"{view.__name__}_form", lead, methods=["GET"])
        return view

    return register


@dataclass(frozen=True)
class Tab:
    """One of the pages of the report."""

    label: str
    endpoint: str
    """As the blueprint calls it: ``.profile_detail``."""
    holds: tuple[str, ...]
    """The first words of the names of all views that belong to it: ``profile``, ``definition``."""
    scoped: bool = True
    """Whether it speaks of what ``?of=`` names; otherwise of this course only."""

    def current(self, endpoint: str) -> str:
        """What ``aria-current`` says on a page: ``page`` on its own, ``true`` on those below it, nothing elsewhere.

        :param endpoint: that of the request, with all blueprints.
        """
        if endpoint.endswith(self.endpoint):
            return "page"
        return "true" if endpoint.rpartition(".")[2].partition("_")[0] in self.holds else ""


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
        tabs=tabs_of(actor, settings),
    )


def tabs_of(actor: Actor, settings: Settings) -> tuple[Tab, ...]:
    """The tabs of the pages that somebody may see."""
    reads, tabs = may_read(actor, settings), []
    if reads:
        tabs += [
            Tab(_("Profile"), ".profile_detail", ("profile", "definition")),
            Tab(_("Target"), ".target_detail", ("target",)),
        ]
    tabs += [
        Tab(_("My part"), ".mine_detail", ("mine", "assessment"), scoped=False),
        Tab(_("The five roles"), ".role_list", ("role", "resource", "contested"), scoped=False),
    ]
    if looks_after(actor):
        tabs += [
            Tab(_("Fulfilment"), ".skill_list", ("skill",)),
            Tab(_("Widgets"), ".widget_monitor", ("widget",)),
            Tab(_("Network"), ".network_monitor", ("network",)),
            Tab(_("Sharing and reading"), ".sharing_monitor", ("sharing",)),
            Tab(_("Threads"), ".thread_monitor", ("thread",)),
        ]
    if reads:
        below = ("report", "section", "draft", "published", "receiver")
        tabs.append(Tab(_("Written report"), ".report_detail", below))
    return tuple(tabs)
