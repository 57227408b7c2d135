"""The tools registered with the demo LMS."""

import json
import secrets
import sqlite3
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUPS_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
NOTICES_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
SCOPES = (
    f"{AGS}lineitem",
    f"{AGS}lineitem.readonly",
    f"{AGS}result.readonly",
    f"{AGS}score",
    NRPS_SCOPE,
    GROUPS_SCOPE,
    NOTICES_SCOPE,
)
"""Every scope this platform offers."""


@dataclass(frozen=True)
class Tool:
    """A registration: what the tool told us of itself, and the names we gave it."""

    client_id: str
    deployment_id: str
    name: str
    login_url: str
    """Where the third-party login begins (Security Framework 1.0 §5.1.1.1)."""
    launch_url: str
    """The target of messages that name no other."""
    redirect_uris: tuple[str, ...]
    """Where an id_token may be sent; compared as whole strings."""
    jwks_url: str
    scopes: tuple[str, ...] = SCOPES

    @property
    def origin(self) -> str:
        """Scheme, host and port of the tool's launch address; its frames speak from there."""
        return origin_of(self.launch_url)

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that a launch passes through."""
        return frozenset(origin_of(url) for url in (self.login_url, self.launch_url, *self.redirect_uris))


def origin_of(url: str) -> str:
    """Scheme, host and port of ``url``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def new_client_id() -> str:
    """A fresh client id of 16 characters."""
    return secrets.token_urlsafe(12)


def save_tool(db: sqlite3.Connection, tool: Tool) -> None:
    """Register ``tool``, or bring its registration up to date; what was placed with it stays."""
    db.execute(
        """INSERT INTO tool VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client_id) DO UPDATE SET
           name = excluded.name, login_url = excluded.login_url, launch_url = excluded.launch_url,
           redirect_uris = excluded.redirect_uris, jwks_url = excluded.jwks_url, scopes = excluded.scopes""",
        (
            tool.client_id,
            tool.deployment_id,
            tool.name,
            tool.login_url,
            tool.launch_url,
            json.dumps(tool.redirect_uris),
            tool.jwks_url,
            " ".join(tool.scopes),
            int(time.time()),
        ),
    )


def remove_tool(db: sqlite3.Connection, client_id: str) -> None:
    """Forget a tool, and what was placed with it."""
    db.execute("DELETE FROM tool WHERE client_id = ?", (client_id,))


def find_tool(db: sqlite3.Connection, client_id: str) -> Tool | None:
    """The tool with this client id."""
    row = db.execute("SELECT * FROM tool WHERE client_id = ?", (client_id,)).fetchone()
    return _tool(row) if row else None


def all_tools(db: sqlite3.Connection) -> list[Tool]:
    """Every tool, the first one registered first."""
    return [_tool(row) for row in db.execute("SELECT * FROM tool ORDER BY rowid")]


def _tool(row: sqlite3.Row) -> Tool:
    return Tool(
        client_id=row["client_id"],
        deployment_id=row["deployment_id"],
        name=row["name"],
        login_url=row["login_url"],
        launch_url=row["launch_url"],
        redirect_uris=tuple(json.loads(row["redirect_uris"])),
        jwks_url=row["jwks_url"],
        scopes=tuple(row["scopes"].split()),
    )
