"""What can be wrong with an installation, each check on its own, each finding in one sentence with its remedy."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lmssocial.core.activity import Parked
from lmssocial.core.activity.relay import lag
from lmssocial.core.db.migrate import History, position
from lmssocial.core.hooks import PluginHost
from lmssocial.core.hooks.host import installed
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import SealBroken, SecretBox
from lmssocial.core.mail import MailDown, mailer_at
from lmssocial.core.storage import AddressWrong, StorageFailed, new_key, storage_at
from lmssocial.front.health import lti_checks
from lmssocial.front.health.finding import Finding
from lmssocial.lms.lti.models import ToolKey
from lmssocial.settings import Settings
from lmssocial.social.notifications import deliveries
from lmssocial.social.plugin_settings import remains

LATE = timedelta(hours=1)
"""How long a message may wait before somebody should look."""
ENOUGH_DISK = 200_000_000
"""Bytes below which the data folder is called full."""


@dataclass(frozen=True)
class Installation:
    """What the checks look at."""

    settings: Settings
    engine: Engine
    host: PluginHost
    histories: tuple[History, ...]


def examine(installation: Installation, *, outward: bool = True) -> list[Finding]:
    """Run every check. One that fails unexpectedly is a finding too, never an exception.

    :param outward: also those that ask other servers, which may take seconds.
    """
    others = [_guarded("mail", _mail, installation)] if outward else []
    return [*_inside(installation), *others]


def _inside(installation: Installation) -> list[Finding]:
    """What can be found out without asking another server."""
    if not (database := _guarded("database", _database, installation)).ok:
        return [database, *_plugins(installation), _files(installation), _disk(installation)]
    return [
        database,
        *(_guarded(name, check, installation) for name, check in _WITH_DATABASE),
        lti_checks.calls_stay_outside(installation.settings),
        *_plugins(installation),
        _files(installation),
        _disk(installation),
    ]


def readiness(installation: Installation) -> list[Finding]:
    """The checks that decide whether requests may be sent here: database, schema, keys; and whether a plugin is out.

    A broken plugin is told and is not grave: everything else serves people as before.
    """
    database = _guarded("database", _database, installation)
    if not database.ok:
        return [database]
    out = [finding.says for finding in _plugins(installation) if not finding.ok]
    return [
        database,
        _guarded("schema", _schema, installation),
        _guarded("keys", _keys, installation),
        Finding("plugins", ok=not out, says=" ".join(out) or "every plugin is in order", grave=False),
    ]


def _guarded(name: str, check: Callable[[Installation], Finding], installation: Installation) -> Finding:
    try:
        return check(installation)
    except (SQLAlchemyError, OSError) as error:
        return Finding(name, ok=False, says=f"The check failed: {_first_line(error)}")


def _database(installation: Installation) -> Finding:
    try:
        with installation.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        return Finding(
            "database",
            ok=False,
            says=f"The database does not answer: {_first_line(error)}. Check LMSSOCIAL_DATABASE_URL and the server.",
        )
    return Finding("database", ok=True, says=f"{installation.engine.dialect.name} answers")


def _schema(installation: Installation) -> Finding:
    with installation.engine.connect() as connection:
        pending = any(
            position(connection, history).pending
            for history in installation.histories
            if history.owner == "core"
        )
    if pending:
        return Finding("schema", ok=False, says="Migrations are pending for core. Run: lmssocial db upgrade")
    return Finding("schema", ok=True, says="the schema is the one this version needs")


def _keys(installation: Installation) -> Finding:
    box = SecretBox(installation.settings.secret())
    with Session(installation.engine) as session:
        sealed = list(session.scalars(select(ToolKey.sealed_private_pem)))
    try:
        for secret in sealed:
            box.open(secret)
    except SealBroken:
        return Finding(
            "keys",
            ok=False,
            says="LMSSOCIAL_SECRET_KEY is not the one the signing keys were sealed with. Put the former one back, "
            "or make new keys with: lmssocial keys rotate --forget-old",
        )
    if not sealed:
        return Finding("keys", ok=True, says="no signing key yet; the first is made when an LMS asks for it")
    return Finding("keys", ok=True, says=f"{len(sealed)} signing key(s), readable")


def _subscribers(installation: Installation) -> Finding:
    with Session(installation.engine) as session:
        loaded = {remains.subscriber(name) for name in installation.host.manifests}
        behind = {
            name: events
            for name, events in lag(session).items()
            if events and (name in loaded or not name.startswith(remains.SUBSCRIBER))
        }
        parked = session.scalar(select(func.count(Parked.id))) or 0
    said = ", ".join(f"{name} is {events} events behind" for name, events in sorted(behind.items()))
    if parked:
        return Finding(
            "events",
            ok=False,
            grave=False,
            says=f"{parked} event(s) parked after five failures. {said}".strip(),
        )
    return Finding("events", ok=True, says=said or "every subscriber is up to date")


def _deliveries(installation: Installation) -> Finding:
    """Whether messages reach people."""
    with Session(installation.engine) as session:
        counts, oldest = deliveries.counts(session), deliveries.oldest_waiting(session)
    said = f"{counts.waiting} message(s) on their way, {counts.sent} sent lately"
    trouble = []
    if counts.given_up:
        trouble.append(f"{counts.given_up} message(s) could not be sent and were given up.")
    if oldest is not None and oldest < clock.now() - LATE:
        trouble.append(f"The oldest of {counts.waiting} message(s) waits since {oldest:%Y-%m-%d %H:%M} UTC.")
    if trouble:
        says = f"{' '.join(trouble)} See Mail in the administration; is lmssocial worker running?"
        return Finding("deliveries", ok=False, grave=False, says=says)
    return Finding("deliveries", ok=True, says=said)


def _mail(installation: Installation) -> Finding:
    """Where mail goes, and whether it can."""
    settings = installation.settings
    try:
        mailer = mailer_at(settings.smtp_url, settings.mail_dir, settings.sender)
        return Finding("mail", ok=True, says=mailer.look())
    except (MailDown, ValueError) as error:
        says = (
            f"{str(error).removesuffix('.')}. Check LMSSOCIAL_SMTP_URL. Nothing is lost: it is tried again."
        )
        return Finding("mail", ok=False, grave=False, says=says)


def _on_engine(check: Callable[[Engine], Finding], installation: Installation) -> Finding:
    return check(installation.engine)


_WITH_DATABASE: tuple[tuple[str, Callable[[Installation], Finding]], ...] = (
    ("schema", _schema),
    ("keys", _keys),
    ("events", _subscribers),
    ("deliveries", _deliveries),
    *((name, partial(_on_engine, check)) for name, check in lti_checks.CHECKS),
)


def _plugins(installation: Installation) -> Iterable[Finding]:
    for broken in installation.host.broken.values():
        run = f" Run: {broken.command}" if broken.command else ""
        yield Finding("plugins", ok=False, grave=False, says=f"{broken.name} is broken. {broken.reason}{run}")
    for history in installation.histories:
        if history.owner != "core" and not (finding := _plugin_tables(installation, history)).ok:
            yield finding
    yield from _orphans(installation)
    names = ", ".join(sorted(installation.host.manifests))
    yield Finding("plugins", ok=True, says=f"loaded: {names}")


def _orphans(installation: Installation) -> Iterable[Finding]:
    """Plugins that somebody switched on and somebody else uninstalled."""
    try:
        with Session(installation.engine) as session:
            names = remains.orphans(session, {point.name for point in installed()})
    except SQLAlchemyError:  # the database is a finding of its own
        return
    for name in names:
        says = (
            f"{name} is switched on and not installed. Install it again, switch it off with: lmssocial plugins disable "
            f"--all {name}, or delete what it left with: lmssocial plugins purge {name}"
        )
        yield Finding("plugins", ok=False, grave=False, says=says)


def _plugin_tables(installation: Installation, history: History) -> Finding:
    """Whether the tables of a plugin are what it needs."""
    try:
        with installation.engine.connect() as connection:
            pending = position(connection, history).pending
    except SQLAlchemyError:  # the database is a finding of its own
        return Finding("plugins", ok=True, says="")
    except Exception as error:  # noqa: BLE001 – somebody else's revisions may be anything
        says = f"The migrations of {history.owner} cannot be read: {_first_line(error)}"
        return Finding("plugins", ok=False, grave=False, says=says)
    says = f"The tables of {history.owner} are not up to date. Run: lmssocial plugins upgrade {history.owner}"
    return Finding("plugins", ok=not pending, grave=False, says=says)


def _disk(installation: Installation) -> Finding:
    folder = installation.settings.data_dir
    free = shutil.disk_usage(folder if folder.exists() else folder.resolve().anchor).free
    if free < ENOUGH_DISK:
        return Finding(
            "disk", ok=False, says=f"Only {free // 1_000_000} MB are free in {folder}.", grave=False
        )
    return Finding("disk", ok=True, says=f"{free // 1_000_000_000} GB free in {folder}")


def _files(installation: Installation) -> Finding:
    """Whether a file can be kept, read and forgotten where attached files are. Tells nothing of how it is opened."""
    settings = installation.settings
    try:
        store, key = storage_at(settings.storage_url, settings.attachment_folder), new_key()
        store.put(key, b"doctor")
        with store.open(key) as file:
            kept = file.read()
        store.delete(key)
    except (AddressWrong, StorageFailed) as failure:
        return Finding(
            "files",
            ok=False,
            grave=False,
            says=f"Files cannot be attached or read: {failure}. Check LMSSOCIAL_STORAGE_URL, and the rights to put, "
            "get and delete.",
        )
    where = "the bucket" if settings.storage_url else str(settings.attachment_folder)
    return Finding("files", ok=kept == b"doctor", says=f"files are kept in {where}", grave=False)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
