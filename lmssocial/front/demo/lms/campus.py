"""What every part of the demo LMS stands on: its address, key, people, weeks and store."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, g, session

from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.front.demo.cast import Cast, Person
from lmssocial.front.demo.lms.keys import PlatformKey, kept_key
from lmssocial.front.demo.lms.quirks import NONE, Quirks
from lmssocial.front.demo.lms.roster import Roster
from lmssocial.front.demo.lms.store import connect, prepare
from lmssocial.front.demo.lms.tool_keys import ToolKeys
from lmssocial.front.demo.syllabus import Week, read_syllabus
from lmssocial.front.demo.voices import read_everybody

NAME = "Northfield Academy"


@dataclass(frozen=True)
class Campus:
    """One running Northfield Academy."""

    issuer: str
    """Its address without a final slash, which is also its LTI issuer."""
    key: PlatformKey
    cast: Cast
    """The people who can sign in, and what the course is called."""
    roster: Roster
    """Who is in the course by now."""
    weeks: tuple[Week, ...]
    store: Path
    outbound: Outbound
    tool_keys: ToolKeys
    tool_admin_url: str
    """Where the administrator of the tool signs in; empty when unknown."""
    tool_admin_name: str
    """The name of the local administrator account in the tool; empty when unknown."""
    mail_dir: Path
    """Where the tool keeps the mail that it would have sent."""
    quirks: Quirks = NONE

    def week(self, number: int) -> Week | None:
        """The week with this number."""
        return next((week for week in self.weeks if week.number == number), None)

    def address(self, path: str) -> str:
        """The full address of ``path`` on this platform."""
        return self.issuer + path


def open_campus(
    issuer: str,
    folder: Path,
    *,
    tool_admin_url: str = "",
    tool_admin_name: str = "",
    mail_dir: Path | None = None,
    outbound_allow: tuple[str, ...],
) -> Campus:
    """Open the academy that lives in ``folder``; key and store are made when it is the first time.

    :param outbound_allow: hosts the platform may call although they are not public, in the form of
        ``LMSSOCIAL_OUTBOUND_ALLOW``.
    """
    cast = read_everybody()
    store = folder / "northfield.sqlite3"
    prepare(store)
    outbound = Outbound("Northfield Academy (lmssocial demo)", AllowList.parse(outbound_allow))
    return Campus(
        issuer=issuer,
        key=kept_key(folder / "northfield_key.pem"),
        cast=cast,
        roster=Roster(cast.people),
        weeks=read_syllabus(),
        store=store,
        outbound=outbound,
        tool_keys=ToolKeys(outbound),
        tool_admin_url=tool_admin_url,
        tool_admin_name=tool_admin_name,
        mail_dir=mail_dir or folder / "mail",
    )


def campus() -> Campus:
    """The academy this request came to."""
    found: Campus = current_app.extensions["campus"]
    return found


def database() -> sqlite3.Connection:
    """This request's connection to the store; closed when the request ends."""
    if "northfield_db" not in g:
        g.northfield_db = connect(campus().store)
    opened: sqlite3.Connection = g.northfield_db
    return opened


def close_database(_error: BaseException | None = None) -> None:
    """Close the request's connection, if it opened one."""
    opened: sqlite3.Connection | None = g.pop("northfield_db", None)
    if opened is not None:
        opened.close()


def signed_in() -> Person | None:
    """Who this browser is at the academy."""
    key = session.get("person")
    if not isinstance(key, str):
        return None
    try:
        return campus().cast.person(key)
    except KeyError:
        return None
