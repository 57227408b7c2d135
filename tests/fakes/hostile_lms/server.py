"""The platform as a test holds it: running, with handles on everything."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lmssocial.core.kernel.secrets import SecretBox, new_token
from lmssocial.core.outbound import AllowList, Outbound, Reply
from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms import gradebook, messages, notices
from lmssocial.front.demo.lms.activities import Activity, place
from lmssocial.front.demo.lms.app import create_lms
from lmssocial.front.demo.lms.campus import Campus
from lmssocial.front.demo.lms.keys import PlatformKey
from lmssocial.front.demo.lms.quirks import Quirks
from lmssocial.front.demo.lms.roster import Enrolment, Group, Roster
from lmssocial.front.demo.lms.store import connect, prepare
from lmssocial.front.demo.lms.tools import SCOPES, Tool, save_tool
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti import claims
from lmssocial.lms.lti.services.calling import Caller
from tests.fakes.hostile_lms import people
from tests.fakes.hostile_lms.faults import Gate
from tests.fakes.hostile_lms.harm import Harm
from tests.fakes.hostile_lms.keys import TestedKeys
from tests.fakes.platform import FakePlatform, private_key
from tests.fakes.registered import register

SECRET = "a secret for tests, of forty characters."
"""The installation's secret in tests, as in ``tests/conftest.py``."""
CLIENT, DEPLOYMENT = "client-1", "1"


class Clock(Protocol):
    """Whatever knows the time of the test."""

    now: datetime


@dataclass
class HostileLms(Harm):
    """A running platform with one course and one tool."""

    campus: Campus
    gate: Gate
    keys: TestedKeys
    tool: Tool

    # Where things are

    @property
    def url(self) -> str:
        """Its address, which is also its issuer."""
        return self.campus.issuer

    @property
    def memberships_url(self) -> str:
        """The roster."""
        return self.campus.address(f"/lti/courses/{people.COURSE}/memberships")

    @property
    def line_items_url(self) -> str:
        """The line items."""
        return messages.item_address(self.campus)

    @property
    def groups_url(self) -> str:
        """The course groups."""
        return self.campus.address(f"/lti/courses/{people.COURSE}/groups")

    @property
    def notices_url(self) -> str:
        """The notification service of the tool's deployment."""
        return self.campus.address(f"/lti/notices/{self.tool.deployment_id}")

    def claims(self, link: str = "") -> dict[str, Any]:
        """The claims about services of a launch, from this link if one is named."""
        with self.store() as db:
            column = gradebook.column_of(db, link) if link else None
        return {
            **messages.services(self.campus, self.tool, column),
            claims.CONTEXT: {"id": people.COURSE, "label": "HOST101", "title": "A hostile course"},
            claims.TOOL_PLATFORM: {"guid": self.url, "product_family_code": self.campus.quirks.family},
            **({claims.RESOURCE_LINK: {"id": link, "title": link}} if link else {}),
        }

    # Making it and the tool known to each other

    def platform(self, public_url: str = "http://localhost:8000") -> FakePlatform:
        """The platform as something to launch with."""
        return FakePlatform(
            jwks_url=self.campus.address("/lti/jwks.json"),
            issuer=self.url,
            client_id=self.tool.client_id,
            auth_login_url=self.campus.address("/lti/authorize"),
            token_url=self.campus.address("/lti/token"),
            deployment_id=self.tool.deployment_id,
            kid=self.campus.key.kid,
            key=self.campus.key.private,
            public_url=public_url,
        )

    def connect(self, session: Session, **changes: Any) -> Registration:
        """Register it in the tool's database, approved and flushed, and read the tool's keys from there."""
        bind = session.get_bind()
        self.keys.engine = bind if isinstance(bind, Engine) else bind.engine
        audience = self.campus.quirks.token_audience
        known = {
            "family": self.campus.quirks.family.lower(),
            "token_audience": audience,
            "name": "Hostile LMS",
        }
        return register(session, self.platform(), **{**known, **changes})

    def served_at(self, public_url: str) -> None:
        """The tool is served at this address: fetch its keys from there, and take its handlers of notices."""
        self.keys.engine = None
        self.tool = a_tool(public_url)
        with self.store() as db:
            save_tool(db, self.tool)

    def caller(self, engine: Engine, *, seconds: float = 5.0, user_agent: str = "lmssocial/test") -> Caller:
        """A caller on this database that may call this machine."""
        outbound = Outbound(user_agent, AllowList.parse("127.0.0.1"), total_seconds=seconds)
        return Caller(outbound, SecretBox(SECRET), sessionmaker(engine), seconds=seconds)

    # People

    @property
    def learners(self) -> list[str]:
        """Who learns here at first, by sub."""
        return [one.sub for one in self.campus.cast.people if one.part is Part.LEARNER]

    instructor = people.INSTRUCTOR
    assistant = people.ASSISTANT

    def join(self, sub: str, *, name: str = "Late Comer", part: Part = Part.LEARNER, **more: Any) -> None:
        """Somebody new is enrolled."""
        given, _, family = name.partition(" ")
        self.campus.roster.put(Enrolment(person=people.person(sub, part, given, family), **more))

    def enrol(self, sub: str, **changes: Any) -> None:
        """Change somebody's ``status``, ``roles``, ``groups`` or ``custom`` parameters."""
        enrolment = self.campus.roster.enrolment(sub)
        assert enrolment is not None, sub
        self.campus.roster.put(replace(enrolment, **changes))

    def leave(self, sub: str) -> None:
        """Somebody is not in the course any more."""
        self.enrol(sub, status="Deleted")

    def suspend(self, sub: str) -> None:
        """Somebody is in the course and may not enter."""
        self.enrol(sub, status="Inactive")

    # The gradebook

    def add_link(self, link: str, **custom: str) -> None:
        """An activity of the tool."""
        with self.store() as db:
            place(db, Activity(link, self.tool.client_id, 1, link, custom=custom))

    def open_column(
        self,
        link: str = "",
        *,
        label: str = "Grade",
        maximum: float = 100,
        resource_id: str = "",
        tag: str = "",
    ) -> str:
        """A column of the tool, as if it had come by deep linking; answers its line item's URL."""
        fields = {
            "label": label,
            "score_maximum": maximum,
            "resource_id": resource_id or None,
            "tag": tag or None,
            "activity_id": link or None,
            "starts": None,
            "ends": None,
        }
        with self.store() as db:
            return messages.item_address(self.campus, gradebook.open_column(db, self.tool.client_id, fields))

    def columns(self) -> list[gradebook.Column]:
        """All columns of the tool."""
        with self.store() as db:
            return gradebook.columns(db, self.tool.client_id)

    def lose(self, line_item_url: str) -> None:
        """Delete a column behind the tool's back."""
        with self.store() as db:
            gradebook.remove_column(db, _number(line_item_url))

    def scores(self, line_item_url: str) -> dict[str, gradebook.Score]:
        """What was sent last, by sub."""
        number = _number(line_item_url)
        with self.store() as db:
            rows = gradebook.scores(db, [number])
        return {self.campus.roster.sub_of(person): score for (_, person), score in rows.items()}

    def grades(self, line_item_url: str) -> dict[str, float]:
        """What the gradebook shows, by sub; who has no grade is not in it."""
        number = _number(line_item_url)
        column = next(column for column in self.columns() if column.id == number)
        shown = {sub: gradebook.points(column, score) for sub, score in self.scores(line_item_url).items()}
        return {sub: points for sub, points in shown.items() if points is not None}

    # Tokens and notices

    def revoke_tokens(self) -> None:
        """Take back every token that was given out."""
        with self.store() as db:
            db.execute("DELETE FROM access_token")

    def subscriptions(self) -> dict[str, str]:
        """What the tool wants to be told, and where."""
        with self.store() as db:
            return notices.wanted(db, self.tool)

    def notice(
        self,
        kind: str = "LtiContextCopyNotice",
        *,
        origins: Iterable[str] = (),
        course: str = "",
        notice_id: str = "",
        forged: bool = False,
        **claims_: Any,
    ) -> str:
        """A signed notice; ``forged`` by a stranger who knows everything but the key. ``claims_`` by claim name."""
        here = self.campus
        if forged:
            here = replace(here, key=PlatformKey(private_key("a stranger"), here.key.kid))
        said = notices.copied_from(here, list(origins), course) if kind == "LtiContextCopyNotice" else {}
        return notices.notice(here, self.tool, kind, said, notice_id=notice_id or new_token(), **claims_)

    def send(self, *tokens: str, handler: str = "", kind: str = "LtiContextCopyNotice") -> Reply:
        """Post notices to the tool's handler, over HTTP."""
        return notices.send(self.campus, handler or self.subscriptions()[kind], *tokens)

    @contextmanager
    def store(self) -> Iterator[Any]:
        """The platform's own database."""
        db = connect(self.campus.store)
        try:
            yield db
        finally:
            db.close()


def a_tool(public_url: str = "http://localhost:8000") -> Tool:
    """The tool as the platform knows it."""
    return Tool(
        client_id=CLIENT,
        deployment_id=DEPLOYMENT,
        name="lmssocial",
        login_url=f"{public_url}/lti/login",
        launch_url=f"{public_url}/lti/launch",
        redirect_uris=(f"{public_url}/lti/launch",),
        jwks_url=f"{public_url}/lti/jwks.json",
        scopes=SCOPES,
    )


@contextmanager
def hostile_lms(
    folder: Path,
    quirks: Quirks,
    *,
    members: int = 10,
    groups: Sequence[Group] = (),
    clock: Clock | None = None,
) -> Iterator[HostileLms]:
    """Run a platform until the block ends.

    :param folder: a temporary one; several platforms may share it.
    :param members: learners in the course.
    :param clock: whose ``now`` is its time; its own time otherwise.
    """
    server = make_server("127.0.0.1", 0, _nobody, threaded=True, request_handler=_Quiet)
    issuer = f"http://127.0.0.1:{server.port}"
    home = folder / f"lms-{server.port}"
    prepare(home / "lms.sqlite3")
    outbound = Outbound("Hostile LMS", AllowList.parse("127.0.0.1, localhost, tool.localhost"))
    cast, keys = people.a_course(members), TestedKeys(outbound)
    campus = Campus(
        issuer=issuer,
        key=PlatformKey(private_key("hostile"), "hostile"),
        cast=cast,
        roster=Roster(cast.people, groups),
        weeks=(),
        store=home / "lms.sqlite3",
        outbound=outbound,
        tool_keys=keys,
        tool_admin_url="",
        tool_admin_name="",
        mail_dir=home,
        quirks=quirks,
    )
    gate = Gate(create_lms(campus), (lambda: clock.now) if clock is not None else None)
    lms = HostileLms(campus, gate, keys, a_tool())
    lms.served_at("http://localhost:8000")
    server.app = gate
    with _serving(server):
        yield lms


@contextmanager
def _serving(server: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _nobody(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
    raise AssertionError("nothing is served before the platform stands")


def _number(line_item_url: str) -> int:
    return int(line_item_url.partition("?")[0].rpartition("/")[2])


class _Quiet(WSGIRequestHandler):
    """Keeps connections, as real servers do, and its requests to itself."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Say nothing."""

    def log_error(self, *_: object) -> None:
        """Say nothing: broken connections are what some tests are about."""
