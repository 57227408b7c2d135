"""The settings of an installation, read once from ``LMSSOCIAL_…`` variables; every mistake is reported at once."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "LMSSOCIAL_"


class SettingsError(Exception):
    """One or more settings are wrong. ``problems`` lists every one of them as a sentence."""

    def __init__(self, problems: list[str]) -> None:
        """Keep all the problems, and say them all."""
        super().__init__("\n".join(problems))
        self.problems = problems


def _text(raw: str) -> str:
    return raw.strip()


def _words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def _path(raw: str) -> Path:
    return Path(raw).expanduser().resolve()


def _flag(raw: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    try:
        return known[raw.strip().lower()]
    except KeyError:
        raise ValueError("must be 1 or 0") from None


def _database(raw: str) -> str:
    if not raw.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return raw


def _origin(raw: str) -> str:
    parts = urlsplit(raw.strip())
    if (
        parts.scheme not in {"http", "https"}
        or not parts.netloc
        or parts.path not in {"", "/"}
        or parts.query
    ):
        raise ValueError("must be an address without a path, such as https://social.example.edu")
    return f"{parts.scheme}://{parts.netloc}"


def _redis(raw: str) -> str:
    if not raw.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return raw


def _smtp(raw: str) -> str:
    if not raw.startswith(("smtp://", "smtps://")):
        raise ValueError("must begin with smtp:// or smtps://")
    return raw


def _secret(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("must have at least 32 characters")
    return raw


def _count(raw: str) -> int:
    if not raw.strip().isdigit():
        raise ValueError("must be a number, 0 or more")
    return int(raw)


def _budget(raw: str) -> int:
    if not raw.strip().isdigit() or not 50 <= int(raw) <= 10_000:
        raise ValueError("must be a number from 50 to 10000")
    return int(raw)


def _megabytes(raw: str) -> int:
    if not raw.strip().isdigit() or not 1 <= int(raw) <= 100:
        raise ValueError("must be a number from 1 to 100")
    return int(raw)


def _log_format(raw: str) -> str:
    if raw.strip() not in {"json", "text"}:
        raise ValueError("must be json or text")
    return raw.strip()


def _setting(read: Callable[[str], object], meaning: str, *, default: object, show: str) -> Any:
    """A dataclass field that knows how it is read, what it means and how its default is shown."""
    return field(default=default, metadata={"read": read, "help": meaning, "show": show})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an administrator may set. ``docs/settings.md`` is generated from this class.

    Build it with :meth:`from_env`; tests build it directly.
    """

    data_dir: Path = _setting(  # noqa: RUF009 – it makes a dataclass field
        _path,
        "Folder for everything lmssocial writes itself: the SQLite database, the job queue, uploads.",
        default=Path("var"),
        show="var",
    )
    secret_key: str = _setting(
        _secret,
        "Signs cookies and seals secrets at rest; at least 32 characters. Without it one is made and kept "
        "in DATA_DIR/secret_key. Losing it signs everybody out and makes sealed keys unreadable.",
        default="",
        show="made once",
    )
    database_url: str = _setting(
        _database,
        "The database: sqlite:///… or postgresql://….",
        default="",
        show="SQLite in DATA_DIR",
    )
    public_url: str = _setting(
        _origin,
        "The address under which browsers and the LMS reach this tool, without a path. It must be https "
        "except on localhost.",
        default="http://localhost:8000",
        show="http://localhost:8000",
    )
    redis_url: str = _setting(
        _redis,
        "A Redis or Valkey server for jobs and rate limits; without it both live in DATA_DIR and memory.",
        default="",
        show="none",
    )
    smtp_url: str = _setting(
        _smtp,
        "A mail server: smtp://user:password@host:587. Without it nothing is mailed.",
        default="",
        show="none",
    )
    attachment_megabytes: int = _setting(
        _megabytes,
        "Megabytes that a file may have which somebody attaches to a post, 1 to 100.",
        default=10,
        show="10",
    )
    outbound_allow: tuple[str, ...] = _setting(
        _words,
        "Hosts, host:port pairs or networks on private addresses that the tool may call, separated by "
        "commas. For development; public https addresses need no entry.",
        default=(),
        show="none",
    )
    plugins: tuple[str, ...] | None = _setting(
        _words,
        "Names of the installed plugins to load, separated by commas.",
        default=None,
        show="all installed",
    )
    safe_mode: bool = _setting(
        _flag,
        "1 starts with the built-in widgets only and imports no other plugin.",
        default=False,
        show="0",
    )
    policy_budget_ms: int = _setting(
        _budget,
        "How many milliseconds all moderation policies together may take for one post, from 50 to 10000. One "
        "policy gets a quarter of them. What takes longer is stopped, and counts as failed.",
        default=1000,
        show="1000",
    )
    proxies: int = _setting(
        _count,
        "How many reverse proxies in front of the tool set X-Forwarded headers.",
        default=0,
        show="0",
    )
    log_format: str = _setting(
        _log_format,
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
    def secure(self) -> bool:
        """Whether browsers reach the tool over https."""
        return self.public_url.startswith("https://")

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
