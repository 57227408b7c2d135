"""The composition root: the one module that knows every other. It reads like a table of contents.

Nothing here asks the database or the network anything.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, Request
from flask_babel import gettext
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from lmssocial import __version__, paths, timers
from lmssocial.core.db.migrate import History
from lmssocial.core.hooks import PluginHost, Widget
from lmssocial.core.hooks.runner import ABOUT_FILES, ABOUT_POSTS, IsolatedRunner
from lmssocial.core.hooks.schema import core_history, plugin_histories
from lmssocial.core.jobs import HueyJobs
from lmssocial.core.kernel import words
from lmssocial.core.kernel.events import Event
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.mail import mailer_at
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.core.storage import AddressWrong, Bucket, Storage, StorageFailed, storage_at
from lmssocial.front import admin, launch
from lmssocial.front.health import routes as health
from lmssocial.front.health.checks import Installation
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.settings import PREFIX, Settings, SettingsError
from lmssocial.social.communities import pages, plugin_pages
from lmssocial.social.communities.scope import find
from lmssocial.social.content import file_routes, references
from lmssocial.social.content import routes as content_routes
from lmssocial.social.engagement import routes as engagement_routes
from lmssocial.social.governance import routes as governance_routes
from lmssocial.social.gradebook import routes as gradebook_routes
from lmssocial.social.knowledge import routes as knowledge_routes
from lmssocial.social.knowledge.ports import ports_of as known_by
from lmssocial.social.moderation import routes as moderation_routes
from lmssocial.social.notifications import reach_routes, unsubscribe_routes
from lmssocial.social.notifications import routes as notification_routes
from lmssocial.social.notifications.channels import channels_of
from lmssocial.social.notifications.dispatch import Outgoing
from lmssocial.social.notifications.letters import Voices
from lmssocial.social.notifications.ports import Registry
from lmssocial.social.notifications.registry import everything
from lmssocial.social.notifications.unsubscribing import Unsubscribing
from lmssocial.social.plugin_settings import sealing
from lmssocial.web import addresses, assets, errors, forms, i18n, logs, marks, scope, security
from lmssocial.web import program as the_program
from lmssocial.web.cookies import TwoJars
from lmssocial.web.program import Program
from lmssocial.widgets.experts.hours import feed_routes

SESSION_LIFE = timedelta(hours=12)
"""How long a sign-in lasts; a course page opened again renews it."""
MAX_REQUEST = 2_000_000
"""Bytes of one request; an id_token is at most a few thousand, a post at most twenty thousand characters."""

FILE_BUDGET, FILE_SHARE = timedelta(seconds=40), timedelta(seconds=20)
"""What all policies, and each of them, may take to look at a file; whoever uploads one waits anyway."""


def load_plugins(settings: Settings) -> PluginHost:
    """Every plugin this process shall have; broken ones are noted in the host, and stop nobody."""
    return PluginHost.load(only=settings.plugins, safe_mode=settings.safe_mode)


def create_app(settings: Settings, host: PluginHost) -> Flask:
    """The web application.

    :raises SettingsError: if the installation's secret can neither be read nor made.
    """
    app = Flask(
        __name__.split(".", maxsplit=1)[0],
        template_folder=str(paths.resource("templates")),
        static_folder=None,
    )
    make_session = sessionmaker()
    program = make_program(settings, host, make_session)
    references.we_are_at(settings.public_url)
    configure(app, settings)
    logs.configure(settings.log_format)
    addresses.init_app(app)
    logs.init_app(app)
    the_program.init_app(app, program)
    scope.init_app(app, settings.database, of_request=_person_behind, of_key=admin.account_behind)
    i18n.init_app(app, plugins=host.translations())
    app.before_request(lambda: words.speak(gettext, i18n.counted))
    assets.init_app(app)
    marks.init_app(app)
    forms.init_app(app)
    security.init_app(app, secure=settings.secure, pictures_from=pictures_from(settings))
    errors.init_app(app)
    launch.init_app(app)
    admin.init_app(app)
    notices = everything(program.widgets.values(), host)
    mount(app, program, notices)
    with app.app_context():
        make_session.configure(bind=scope.db.engine)
        name_jobs(program, host, make_session, notices)
        health.init_app(app, Installation(settings, scope.db.engine, host, histories(host)))
    return app


def name_jobs(
    program: Program, host: PluginHost, make_session: sessionmaker[Session], notices: Registry
) -> None:
    """What the worker does by timer."""
    jobs, outgoing = program.jobs, outgoing_of(program, notices)
    timers.register(jobs, make_session, program.files, host, outgoing, program.caller)
    timers.move_activities(jobs, make_session, program.allocators, program.scorings)
    timers.move_questions(jobs, make_session, program.rankings)
    timers.learn_who_knows(jobs, make_session, known_by(program.widgets.values()))
    timers.keep_office_hours(jobs, make_session)
    timers.run_plugin_timers(jobs, make_session, host, program.outbound)


def mount(app: Flask, program: Program, notices: Registry) -> None:
    """The pages inside communities: those of plugins, of every slice, and of the widgets."""
    entries = plugin_pages.mount(app, program.host)
    rooms = (knowledge_routes.nav_source(), moderation_routes.nav_item)
    pages.init_app(app, program.widgets, more=(*rooms, *entries, governance_routes.nav_item))
    app.register_blueprint(content_routes.bp)
    app.register_blueprint(file_routes.bp)
    app.register_blueprint(moderation_routes.bp)
    app.register_blueprint(engagement_routes.bp)
    notification_routes.init_app(app, notices)
    app.register_blueprint(reach_routes.bp)
    app.register_blueprint(unsubscribe_routes.bp)
    app.register_blueprint(governance_routes.bp)
    app.register_blueprint(gradebook_routes.bp)
    app.register_blueprint(knowledge_routes.bp)
    app.register_blueprint(feed_routes.bp)
    for widget in program.widgets.values():
        app.register_blueprint(widget.blueprint, url_prefix=f"/w/<int:placement_id>/{widget.kind}")


def configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings; nowhere else are any set."""
    app.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_SECURE=settings.secure,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        SQLALCHEMY_TRACK_MODIFICATIONS=False,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http",
    )
    app.session_interface = TwoJars()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def make_program(settings: Settings, host: PluginHost, make_session: sessionmaker[Session]) -> Program:
    """The parts with a lifetime.

    :param make_session: may be without a database yet; nothing is opened here.
    """
    widgets = widgets_of(host)
    check_event_types(host)
    mailer = mailer_at(settings.smtp_url, settings.mail_dir, settings.sender)
    box = SecretBox(settings.secret())
    sealing.keep_in(lambda: box)
    outbound = Outbound(
        f"lmssocial/{__version__} (+{settings.public_url})", AllowList.parse(settings.outbound_allow)
    )
    return Program(
        settings=settings,
        host=host,
        policies=IsolatedRunner(
            host, hooks=[ABOUT_POSTS], budget=timedelta(milliseconds=settings.policy_budget_ms)
        ),
        file_policies=IsolatedRunner(host, hooks=[ABOUT_FILES], budget=FILE_BUDGET, share=FILE_SHARE),
        widgets=widgets,
        allocators=named(host, "lmssocial_register_allocators"),
        scorings=named(host, "lmssocial_register_scorings"),
        rankings=by_plugin(host, "lmssocial_register_rankings"),
        badges=by_plugin(host, "lmssocial_register_badges"),
        secret_box=box,
        outbound=outbound,
        caller=Caller(outbound, box, make_session),
        jobs=HueyJobs(data_dir=settings.data_dir, redis_url=settings.redis_url),
        files=files_of(settings),
        mailer=mailer,
        channels=channels_of(host, mailer),
    )


def files_of(settings: Settings) -> Storage:
    """Where attached files are: in the bucket that is set, or in a folder.

    :raises SettingsError: if the address of the bucket cannot be read, or the library for buckets is not installed.
    """
    try:
        return storage_at(settings.storage_url, settings.attachment_folder)
    except (AddressWrong, StorageFailed) as problem:
        raise SettingsError([f"{PREFIX}STORAGE_URL: {problem}."]) from None


def pictures_from(settings: Settings) -> str:
    """The origin of a bucket from which browsers load pictures by themselves; empty if there is none."""
    return Bucket.parse(settings.storage_url).origin if settings.storage_url else ""


def outgoing_of(program: Program, notices: Registry) -> Outgoing:
    """What the worker needs to write to people."""
    return Outgoing(
        registry=notices,
        followed=[widget.followed for widget in program.widgets.values() if widget.followed is not None],
        channels=program.channels,
        addresses=Unsubscribing(program.settings.secret(), program.settings.public_url),
        voices=Voices(program.host.translations()),
        public_url=program.settings.public_url,
        sender=program.settings.sender,
    )


def widgets_of(host: PluginHost) -> dict[str, Widget]:
    """All registered widgets by kind. A plugin that takes another's kind, or fails, is dropped and shown."""
    widgets: dict[str, Widget] = {}
    for answer in list(host.collect("lmssocial_register_widgets")):
        if answer.error is not None:
            host.drop(answer.plugin, f"lmssocial_register_widgets raised: {answer.error}", answer.error)
            continue
        taken = [widget.kind for widget in answer.value if widget.kind in widgets]
        if taken:
            host.drop(answer.plugin, f"There is already a widget of the kind {taken[0]}.")
            continue
        widgets.update({widget.kind: widget for widget in answer.value})
    return widgets


def named(host: PluginHost, hook: str) -> dict[str, Any]:
    """What plugins offer through ``hook``, by name. A plugin that takes another's name, or fails, is dropped."""
    offered: dict[str, Any] = {}
    for answer in list(host.collect(hook)):
        if answer.error is not None:
            host.drop(answer.plugin, f"{hook} raised: {answer.error}", answer.error)
            continue
        taken = [one.name for one in answer.value if one.name in offered]
        if taken:
            host.drop(answer.plugin, f"{hook}: there is already something called {taken[0]}.")
            continue
        offered.update({one.name: one for one in answer.value})
    return offered


def by_plugin(host: PluginHost, hook: str) -> dict[str, tuple[Any, ...]]:
    """What plugins offer through ``hook``, by the plugin's name; no two things have one name."""
    offered = named(host, hook)
    answers = [answer for answer in host.collect(hook) if answer.error is None]
    return {answer.plugin: tuple(offered[one.name] for one in answer.value) for answer in answers}


def check_event_types(host: PluginHost) -> dict[tuple[str, int], type[Event]]:
    """All registered event types by name and version. A plugin that takes another's, or fails, is dropped."""
    types: dict[tuple[str, int], type[Event]] = {}
    for answer in list(host.collect("lmssocial_register_event_types")):
        if answer.error is not None:
            host.drop(answer.plugin, f"lmssocial_register_event_types raised: {answer.error}", answer.error)
            continue
        wrong = [kind.name for kind in answer.value if not kind.name.startswith(f"{answer.plugin}.")]
        if wrong:
            host.drop(answer.plugin, f"The event {wrong[0]} must be named {answer.plugin}.<something>.")
            continue
        types.update({(kind.name, kind.version): kind for kind in answer.value})
    return types


def histories(host: PluginHost | None = None) -> tuple[History, ...]:
    """Every line of schema revisions this installation needs: the core's, then those of the plugins in ``host``."""
    return (core_history(), *(() if host is None else plugin_histories(host)))


def _person_behind(request: Request) -> object | None:
    """Whoever is behind a request of a community's page."""
    return find(request)
