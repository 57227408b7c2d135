"""Reading the values of settings out of text.

Each reader takes what stands in a variable and raises :class:`ValueError` with the end of a sentence that begins with
the variable's name.
"""

from email.utils import formataddr, getaddresses
from pathlib import Path
from urllib.parse import urlsplit


def text(raw: str) -> str:
    """The text itself."""
    return raw.strip()


def words(raw: str) -> tuple[str, ...]:
    """What stands between the commas."""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def path(raw: str) -> Path:
    """A folder, made absolute."""
    return Path(raw).expanduser().resolve()


def flag(raw: str) -> bool:
    """Yes or no."""
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


def database(raw: str) -> str:
    """A database's address."""
    if not raw.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return raw


def origin(raw: str) -> str:
    """A site's address without a path."""
    parts = urlsplit(raw.strip())
    if (
        parts.scheme not in {"http", "https"}
        or not parts.netloc
        or parts.path not in {"", "/"}
        or parts.query
    ):
        raise ValueError("must be an address without a path, such as https://social.example.edu")
    return f"{parts.scheme}://{parts.netloc}"


def redis(raw: str) -> str:
    """A Redis server's address."""
    if not raw.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return raw


def smtp(raw: str) -> str:
    """A mail server's address."""
    parts = urlsplit(raw.strip())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must begin with smtp:// or smtps://, and name a host")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("must have a number from 1 to 65535 as its port") from None
    return raw.strip()


def sender(raw: str) -> str:
    """Whom mail comes from: an address, maybe with a name."""
    found = getaddresses([raw.strip()])
    name, address = found[0] if len(found) == 1 else ("", "")
    local, at, host = address.rpartition("@")
    wrong = not raw.isprintable() or not address.isascii() or any(mark in address for mark in " <>,;")
    if wrong or not (at and local and host):
        raise ValueError("must be an address, such as forum@example.edu, or Forum <forum@example.edu>")
    return formataddr((name, address)) if name else address


def storage(raw: str) -> str:
    """An address of a bucket; what stands in it is read where it is needed.

    :raises ValueError: if it is none.
    """
    if not raw.strip().startswith("s3://"):
        raise ValueError("must begin with s3://")
    return raw.strip()


def secret(raw: str) -> str:
    """Something nobody guesses."""
    if len(raw) < 32:
        raise ValueError("must have at least 32 characters")
    return raw


def count(raw: str) -> int:
    """A number, 0 or more."""
    if not raw.strip().isdigit():
        raise ValueError("must be a number, 0 or more")
    return int(raw)


def budget(raw: str) -> int:
    """Milliseconds, within reason."""
    if not raw.strip().isdigit() or not 50 <= int(raw) <= 10_000:
        raise ValueError("must be a number from 50 to 10000")
    return int(raw)


def megabytes(raw: str) -> int:
    """Megabytes, within reason."""
    if not raw.strip().isdigit() or not 1 <= int(raw) <= 100:
        raise ValueError("must be a number from 1 to 100")
    return int(raw)


def log_format(raw: str) -> str:
    """A name of a log format."""
    if raw.strip() not in {"json", "text"}:
        raise ValueError("must be json or text")
    return raw.strip()
