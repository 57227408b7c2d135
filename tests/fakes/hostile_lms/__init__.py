"""An LMS that behaves like the worst of them, over real HTTP on this machine.

It is the demo's LMS (``lmssocial.front.demo.lms``) with the habits of a product switched on, and with faults that a
test asks for while it runs. It checks what we send as strictly as any platform: the client assertion with its
signature, audience, times and single use; scopes, media types, payloads.

A test that drives the services::

    @pytest.fixture
    def lms(engine: Engine, tmp_path: Path) -> Iterator[HostileLms]:
        with hostile_lms(tmp_path, moodle(), members=30) as lms:
            yield lms

    def test_…(lms: HostileLms, engine: Engine) -> None:
        caller = lms.caller(engine)                       # a Caller on this database, allowed to call loopback
        with Session(engine) as session, unit_of_work(session):
            registration = lms.connect(session)           # both sides know each other; the tool's keys are read from
            endpoint = endpoint_of(session, registration.id)   # the database of the test, nothing of it is served
        page = fetch_page(caller, endpoint, lms.memberships_url)

With ``app``: settings must name loopback in ``outbound_allow`` (``("127.0.0.1",)``); ``program().caller`` then works as
well, and ``lms.platform(public_url)`` is a ``FakePlatform`` to launch with: ``lms.platform().launch(client,
**lms.claims("link-1"), sub=lms.learners[0])``. ``lms.claims`` holds the service claims of a launch from that link.

**Profiles**: ``plain()``, ``moodle()``, ``canvas()``, ``blackboard()``, ``brightspace()``, each a ``Quirks``; change
one habit with ``dataclasses.replace``. What each does stands in ``profiles.py``.

**Time**: the LMS lives now. With the ``clock`` fixture pass ``hostile_lms(…, clock=clock)`` and it follows.

**People**: ``lms.learners``, ``lms.instructor``, ``lms.assistant`` are subs. ``lms.leave(sub)`` (Deleted),
``lms.suspend(sub)`` (Inactive), ``lms.join(sub, name=…)``, ``lms.enrol(sub, roles=…, groups=…, custom=…)`` change the
roster, and ``differences`` tells of it where the profile offers that. ``groups=[Group(id=…, name=…)]`` gives the course
groups. Ten thousand members cost nothing to make.

**Gradebook**: ``lms.add_link("link-1")``; ``lms.open_column("link-1", maximum=20)`` answers the line item's URL;
``lms.grades(url)`` is ``{sub: points}`` as the gradebook shows them, ``lms.scores(url)`` the raw rows,
``lms.lose(url)`` deletes the column behind our back, ``lms.columns()`` lists them.

**Faults** (each returns the fault; ``fault.end()`` takes it back, ``fault.struck`` counts). The service is one of
``token roster items scores results groups notices keys`` or ``any``; ``times`` is how often (default: for ever),
``every=10`` hits the tenth, twentieth … call, ``when`` narrows by request::

    lms.fail("scores", 503, every=10)
    lms.fail("scores", 429, times=1, retry_after="30")          # or an HTTP date
    lms.fail("roster", 500, when=on_page(3))                    # the third page always fails
    lms.revoke_tokens()                                         # every token is answered with 401 from now on
    lms.fail("scores", 401, times=1)
    lms.slow("roster", 2.0, times=1)
    lms.answer_html("roster")                                   # a login page with status 200
    lms.answer("results", b"[1, null, {}]")                     # any body, type, status and headers
    lms.drop("scores", times=1)                                 # does it, then breaks the connection
    lms.drop("scores", times=1, before=True)                    # breaks the connection at once
    lms.link_next("roster", "https://elsewhere.example/page2")  # a next page on another server
    lms.link_next("roster", SELF)                               # a next page that is this page
    lms.lower_links("roster")                                   # what a lower-casing reader would follow

**What it was asked**: ``lms.seen`` (service, method, path, query, headers, body, status), ``lms.asked("scores")``.

**Notices**: ``lms.subscriptions()`` is ``{type: handler}``; ``lms.notice("LtiContextCopyNotice", origins=["old"])`` is
a signed token, ``forged=True`` one of a stranger's key; any claim can be changed by keyword; ``lms.send(token, …)``
posts them to the handler over HTTP (the same token twice is a replay).
"""

from lmssocial.front.demo.lms.roster import Group
from tests.fakes.hostile_lms.faults import SELF, Fault, Seen, on_page
from tests.fakes.hostile_lms.profiles import blackboard, brightspace, canvas, moodle, plain
from tests.fakes.hostile_lms.server import HostileLms, hostile_lms

__all__ = [
    "SELF",
    "Fault",
    "Group",
    "HostileLms",
    "Seen",
    "blackboard",
    "brightspace",
    "canvas",
    "hostile_lms",
    "moodle",
    "on_page",
    "plain",
]
