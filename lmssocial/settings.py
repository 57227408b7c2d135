"""The settings of an installation, read once from ``LMSSOCIAL_…`` variables; every mistake is reported at once."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lmssocial import environment

PREFIX = "LMSSOCIAL_"


class SettingsError(Exception):
    """One or more settings are wrong. ``problems`` lists every one of them as a sentence."""

    def __init__(self, problems: list[str]) -> None:
        """Keep all the problems, and say them all."""
        super().__init__("\n".join(problems))
        self.problems = problems


def _setting(read: Callable[[str], object], meaning: str, *, default: object, show: str) -> Any:
    """A dataclass field that knows how it is read, what it means and how its default is shown."""
    return field(default=default, metadata={"read": read, "help": meaning, "show": show})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an administrator may set. ``docs/settings.md`` is generated from this class.

    Build it with :meth:`from_env`; tests build it directly.
    """

    data_dir: Path = _setting(  # noqa: RUF009 – it makes a dataclass field
        environment.path,
        "Folder for everything lmssocial writes itself: the SQLite database, the job queue, uploads.",
        default=Path("var"),
        show="var",
    )
    secret_key: str = _setting(
        environment.secret,
        "Signs cookies and seals secrets at rest; at least 32 characters. Without it one is made and kept "
        "in DATA_DIR/secret_key. Losing it signs everybody out and makes sealed keys unreadable.",
        default="",
        show="made once",
    )
    database_url: str = _setting(
        environment.database,
        "The database: sqlite:///… or postgresql://….",
        default="",
        show="SQLite in DATA_DIR",
    )
    public_url: str = _setting(
        environment.origin,
        "The address under which browsers and the LMS reach this tool, without a path. It must be https "
        "except on localhost.",
        default="http://localhost:8000",
        show="http://localhost:8000",
    )
    redis_url: str = _setting(
        environment.redis,
        "A Redis or Valkey server for jobs and rate limits; without it both live in DATA_DIR and memory.",
        default="",
        show="none",
    )
    smtp_url: str = _setting(
        environment.smtp,
        "A mail server: smtp://user:password@host:587, or smtps:// where TLS comes first. Without it mail is kept "
        "in DATA_DIR/mail and leaves the house no further.",
        default="",
        show="none",
    )
    mail_from: str = _setting(
        environment.sender,
        "Whom mail comes from: an address, or a name and an address as in Forum <forum@example.edu>.",
        default="",
        show="no-reply@ the host of PUBLIC_URL",
    )
    attachment_megabytes: int = _setting(
        environment.megabytes,
        "Megabytes that a file may have which somebody attaches to a post, 1 to 100.",
        default=10,
        show="10",
    )
    storage_url: str = _setting(
        environment.storage,
        "A bucket for attached files, on S3 or a service that speaks its language: "
        "s3://key:secret@host/bucket?region=eu-central-1. Percent-encode signs such as / in key and secret. "
        "tls=0 speaks plain http to it, links=tool sends files through the tool, public=https://… names the host that "
        "browsers reach. Needs the extra lmssocial[s3]. Without it files are in DATA_DIR/attachments.",
        default="",
        show="a folder",
    )
    outbound_allow: tuple[str, ...] = _setting(
        environment.words,
        "Hosts, host:port pairs or networks on private addresses that the tool may call, separated by "
        "commas. For development; public https addresses need no entry.",
        default=(),
        show="none",
    )
    plugins: tuple[str, ...] | None = _setting(
        environment.words,
        "Names of the installed plugins to load, separated by commas.",
        default=None,
        show="all installed",
    )
    safe_mode: bool = _setting(
        environment.flag,
        "1 starts with the built-in widgets only and imports no other plugin.",
        default=False,
        show="0",
    )
    policy_budget_ms: int = _setting(
        environment.budget,
        "How many milliseconds all moderation policies together may take for one post, from 50 to 10000. One "
        "policy gets a quarter of them. What takes longer is stopped, and counts as failed.",
        default=1000,
        show="1000",
    )
    proxies: int = _setting(
        environment.count,
        "How many reverse proxies in front of the tool set X-Forwarded headers.",
        default=0,
        show="0",
    )
    log_format: str = _setting(
        environment.log_format,
        "Log lines as json, or as text for people.",
        default="text",
        show="text",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from ``environ``.

        :raises SettingsError: listing every wrong value and every unknown ``LMSSOCIAL_`` name at once.
        """
        problems: list[str] = []
        values: dict[str, object] = {}
        known = {PREFIX + setting.name.upper(): setting for setting in fields(cls)}
        for name in sorted(environ):
            if not name.startswith(PREFIX):
                continue
            setting = known.get(name)
            if setting is None:
                problems.append(f"{name} is not a setting of lmssocial. Known: {', '.join(sorted(known))}.")
            elif environ[name].strip():
                try:
                    values[setting.name] = setting.metadata["read"](environ[name])
                except ValueError as error:
                    problems.append(f"{name} {error}.")
        public = str(values.get("public_url", "http://localhost:8000"))
        if public.startswith("http://") and not is_local(public):
            problems.append(
                f"{PREFIX}PUBLIC_URL must be https: browsers refuse cookies inside an LMS over plain http. "
                "Only localhost may be http."
            )
        if problems:
            raise SettingsError(problems)
        return cls(**values)  # type: ignore[arg-type]  # each value was read by its own field's reader

    @property
    def database(self) -> str:
        """The database address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'lmssocial.sqlite3'}"

    @property
    def attachment_folder(self) -> Path:
        """Where attached files are if they are in no bucket."""
        return self.data_dir / "attachments"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the tool over https."""
        return self.public_url.startswith("https://")

    @property
    def sender(self) -> str:
        """Whom mail comes from, with the default filled in."""
        return self.mail_from or f"lmssocial <no-reply@{urlsplit(self.public_url).hostname}>"

    @property
    def mail_dir(self) -> Path:
        """Where mail is kept when there is no mail server."""
        return self.data_dir / "mail"

    @property
    def attachment_limit(self) -> int:
        """Bytes that an attached file may have."""
        return self.attachment_megabytes * 1_000_000

    def secret(self) -> str:
        """The installation's secret: the one that was set, or the one kept in ``data_dir``, made now if need be.

        :raises SettingsError: if it can neither be read nor written.
        """
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        try:
            return _kept_secret(path)
        except OSError as error:
            raise SettingsError(
                [
                    f"{path} cannot be read or written ({error.strerror}). Set {PREFIX}SECRET_KEY or {PREFIX}DATA_DIR."
                ]
            ) from error


def is_local(url: str) -> bool:
    """Whether ``url`` is on this very machine, where browsers treat plain http as trustworthy."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), "ascii")
        try:
            path.hardlink_to(fresh)  # atomic: of two processes starting together one wins, both read the same
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text("ascii").strip()
