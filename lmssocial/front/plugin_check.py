"""Looks at one plugin in a process of its own: ``python -m lmssocial.front.plugin_check NAME``.

Importing somebody else's code may end the process, hang, or change it; so ``lmssocial plugins check`` never does it
itself. What is found is printed line by line; the status is 0 when all is well, 1 when something is not, 2 when the
plugin is not installed.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import fields, replace
from datetime import UTC, datetime
from importlib.metadata import EntryPoint

import click
import structlog
from sqlalchemy import Engine, text

from lmssocial.core.db import Base, make_engine
from lmssocial.core.db.migrate import History, downgrade, own_tables, upgrade
from lmssocial.core.hooks import Attachment, Manifest, PluginHost, Submission
from lmssocial.core.hooks.host import installed
from lmssocial.core.hooks.judging import judge
from lmssocial.core.hooks.patience import OutOfTime, within
from lmssocial.core.hooks.runner import ABOUT_FILES, ABOUT_POSTS
from lmssocial.core.hooks.schema import core_history, plugin_histories
from lmssocial.social.notifications.plugin_notices import notices_of
from lmssocial.social.plugin_settings.timing import timers_of
from lmssocial.web.forms import SafeForm

REGISTERING = (
    "lmssocial_register_widgets",
    "lmssocial_register_event_types",
    "lmssocial_register_commands",
)
"""Hooks that are called at start-up, and so can be tried here."""
PATIENCE = 5.0
"""Seconds that a policy may take here for one answer; far more than it has in earnest."""
A_SUBMISSION = Submission(
    kind="discussion.reply",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="",
    text="",
    author_name="Ana Diaz",
    at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    ground_rules=("Be kind.",),
)
"""A learner's reply, empty."""
AN_ATTACHMENT = Attachment(
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    name="notes.txt",
    declared_type="text/plain",
    data=b"Notes.",
)
"""A small text file of a learner."""


def main(name: str) -> int:
    """Check the plugin called ``name``, print what was found, and say with which status to end."""
    structlog.configure(processors=[_silence])
    point = next((one for one in installed() if one.name == name), None)
    if point is None:
        click.echo(
            f"There is no plugin called {name}. Installed: {', '.join(one.name for one in installed())}."
        )
        return 2
    problems = list(_examine(point))
    for problem in problems:
        click.echo(f"BAD   {problem}")
    click.echo(f"{name} has {len(problems)} problem(s)." if problems else f"{name} is fine.")
    return 1 if problems else 0


def _silence(_logger: object, _method: str, _event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    raise structlog.DropEvent  # the host logs what is printed here anyway


def _examine(point: EntryPoint) -> Iterator[str]:
    """Import and register it; print what it is, and yield what is wrong."""
    version = point.dist.version if point.dist else "unknown"
    click.echo(f"      {point.name} {version}, from {point.value}")
    known = set(Base.metadata.tables)
    host = PluginHost()
    builtin = point.module.startswith("lmssocial.")
    try:
        host.load_entry_point(point, builtin=builtin)
    except SystemExit as end:
        yield f"Importing it ends the process (status {end.code}). A module must not call sys.exit()."
        return
    if broken := host.broken.get(point.name):
        click.echo(broken.details, err=True)
        yield broken.reason
        return
    manifest = host.manifests[point.name]
    api = ".".join(map(str, manifest.api))
    click.echo(f"      {manifest.title}: {manifest.summary}")
    click.echo(f"      hook API {api}, can be set per {manifest.configured_per}")
    hooks = host.hooks_of(point.name)
    click.echo(f"      implements {', '.join(hooks)}" if hooks else "      implements no hook")
    if not hooks:
        yield "It implements no hook, so it does nothing. Mark functions with @hookimpl."
    if manifest.settings is not None:
        click.echo(f"      settings {manifest.settings()!r}")
    yield from form_problems(manifest)
    yield from verdict_problems(host, manifest, PATIENCE)
    if not builtin:
        yield from _tables(point.name, set(Base.metadata.tables) - known - _ours())
        yield from _migrations(host, manifest)
    yield from _registrations(host)


def form_problems(manifest: Manifest) -> Iterator[str]:
    """What does not agree between the settings of a plugin and its form."""
    form = manifest.settings_form
    if form is None:
        return
    if manifest.settings is None:
        yield "It has a settings_form and no settings to go with it."
        return
    if not issubclass(form, SafeForm):
        yield f"{getattr(form, '__name__', form)} must derive from lmssocial.plugin.SafeForm."
        return
    names = {setting.name for setting in fields(manifest.settings)}
    in_form = {name for name in dir(form) if hasattr(getattr(form, name), "_formfield")}
    for missing in sorted(names - in_form):
        yield f"The setting {missing} has no field in {form.__name__}."
    for extra in sorted(in_form - names):
        yield f"The field {extra} of {form.__name__} is not a setting."


def verdict_problems(host: PluginHost, manifest: Manifest, seconds: float | None = None) -> Iterator[str]:
    """What is wrong with what a policy says about an ordinary post, an empty one and a file.

    :param seconds: what one answer may take, if that is to be limited.
    """
    settings = None if manifest.settings is None else manifest.settings()
    ordinary = "An ordinary post."
    facts: tuple[tuple[str, str, Submission | Attachment], ...] = (
        (ABOUT_POSTS, "submission", replace(A_SUBMISSION, source=ordinary, text=ordinary)),
        (ABOUT_POSTS, "submission", A_SUBMISSION),
        (ABOUT_FILES, "attachment", AN_ATTACHMENT),
    )
    for hook, argument, value in facts:
        if hook not in host.hooks_of(manifest.name):
            continue
        try:
            with nullcontext() if seconds is None else within(seconds):
                judge(host, hook, manifest.name, {argument: value}, settings, "")
        except OutOfTime:
            yield f"{hook} does not answer within {seconds:g} seconds."
        except SystemExit as end:
            yield f"{hook} ends the process (status {end.code})."
        except Exception as error:  # noqa: BLE001 – a plugin may raise anything
            yield f"{hook} fails: {type(error).__name__}: {error}"


def _tables(name: str, new: set[str]) -> Iterator[str]:
    for table in sorted(new):
        if not table.startswith(f"{name}__"):
            yield f"The table {table} must be called {name}__{table}."


def _migrations(host: PluginHost, manifest: Manifest) -> Iterator[str]:
    """Apply its revisions to a database of their own, look at what they made, and take them back."""
    for history in plugin_histories(host):
        if not history.versions.is_dir():
            yield f"Its manifest names the migrations {manifest.migrations}, and there is no such folder."
            return
        with tempfile.TemporaryDirectory() as folder:
            engine = make_engine(f"sqlite:///{folder}/check.sqlite3")
            try:
                upgrade(engine, core_history())
                yield from _tried(
                    engine, history, {table for table in Base.metadata.tables if _is_of(manifest, table)}
                )
            finally:
                engine.dispose()


def _tried(engine: Engine, history: History, wanted: set[str]) -> Iterator[str]:
    try:
        before = _schema(engine, history)
        upgrade(engine, history)
        with engine.connect() as connection:
            made = set(own_tables(connection, history.owner))
        click.echo(f"      stores its data in {', '.join(sorted(made - {history.table}))}")
        if missing := sorted(wanted - made):
            yield f"Its migrations do not make the table {missing[0]}."
        if _schema(engine, history) != before:
            yield f"Its migrations touch something that is not its own; its tables begin with {history.owner}__."
        downgrade(engine, history, "base")
        with engine.connect() as connection:
            left = sorted(set(own_tables(connection, history.owner)) - {history.table})
        if left:
            yield f"Taking its migrations back leaves the table {left[0]}."
    except Exception as error:  # noqa: BLE001 – somebody else's revisions may raise anything
        yield f"Its migrations fail: {type(error).__name__}: {error}"


def _ours() -> set[str]:
    """The tables of the core, which a plugin brings along that reads courses or makes notices."""
    mappers = Base.registry.mappers
    return {
        str(mapper.local_table) for mapper in mappers if mapper.class_.__module__.startswith("lmssocial.")
    }


def _schema(engine: Engine, history: History) -> set[tuple[str, ...]]:
    """Everything in the database that is not the plugin's, word for word."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"))
        return {tuple(row) for row in rows if not row.tbl_name.startswith(f"{history.owner}__")}


def _is_of(manifest: Manifest, table: str) -> bool:
    return table.startswith(f"{manifest.name}__")


def _registrations(host: PluginHost) -> Iterator[str]:
    for hook in REGISTERING:
        for answer in host.collect(hook):
            if answer.error is not None:
                yield f"{hook} raised {type(answer.error).__name__}: {answer.error}"
    timers_of(host)  # what is wrong with these is noted in the host
    notices_of(host)
    yield from (broken.reason for broken in host.broken.values())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
