"""The rules of the house hold everywhere, and each of them would notice its breach."""

import pytest

from tests.structure.rules import (
    ALL_RULES,
    Module,
    Rule,
    asks_access_first,
    asks_the_clock,
    commits_once,
    fits_in_the_head,
    imports_at_the_top,
    our_modules,
    takes_an_actor,
    uses_select,
)

EXCEPTIONS: dict[str, str] = {
    "lmssocial.social.communities.service.place_by_link()": (
        "an instructor made the link in the LMS; the first who follows it, whoever that is, finds the widget"
    ),
}
"""Beginning of a sentence that a rule would say → why it may stand."""


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    said = [sentence for module in our_modules() for sentence in rule(module)]
    wrong = [sentence for sentence in said if not sentence.startswith(tuple(EXCEPTIONS))]
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_exception_is_still_needed() -> None:
    said = [sentence for rule in ALL_RULES for module in our_modules() for sentence in rule(module)]
    idle = [begin for begin in EXCEPTIONS if not any(sentence.startswith(begin) for sentence in said)]
    assert not idle


SAMPLES: list[tuple[Rule, str, str]] = [
    (commits_once, "lmssocial.x", "def f(session):\n    session.commit()"),
    (imports_at_the_top, "lmssocial.x", "def f():\n    from lmssocial.core import db"),
    (imports_at_the_top, "lmssocial.x", "def f():\n    from . import models"),
    (asks_the_clock, "lmssocial.x", "from datetime import UTC, datetime\nnow = datetime.now(UTC)"),
    (asks_the_clock, "lmssocial.x", "import datetime\nnow = datetime.datetime.utcnow()"),
    (asks_the_clock, "lmssocial.x", "from datetime import date\ntoday = date.today()"),
    (uses_select, "lmssocial.x", "rows = session.query(Thread)"),
    (uses_select, "lmssocial.x", "rows = models.Thread.query.all()"),
    (takes_an_actor, "lmssocial.x", "from flask_login import current_user"),
    (takes_an_actor, "lmssocial.x", "who = current_user.id"),
    (fits_in_the_head, "lmssocial.x", "x = 1\n" * 301),
    (fits_in_the_head, "lmssocial.x", "def f():\n" + "    x = 1\n" * 41),
    (asks_access_first, "lmssocial.x.service", "def post(session, actor, draft):\n    session.add(draft)"),
    (
        asks_access_first,
        "lmssocial.x.service",
        "def post(session, *, actor):\n    access.can_post(session.get(actor))",
    ),
    (asks_access_first, "lmssocial.x.service", "def post(session, actor):\n    return actor"),
]


@pytest.mark.parametrize(("rule", "name", "source"), SAMPLES)
def test_a_rule_notices_its_breach(rule: Rule, name: str, source: str) -> None:
    assert list(rule(Module(name, source)))


INNOCENT: list[tuple[Rule, str, str]] = [
    (commits_once, "lmssocial.core.db.unit_of_work", "def f(session):\n    session.commit()"),
    (imports_at_the_top, "lmssocial.x", "def f():\n    import json"),
    (asks_the_clock, "lmssocial.x", "moment = datetime.fromtimestamp(claims['iat'], tz=UTC)"),
    (asks_the_clock, "lmssocial.x", "now = clock.now()"),
    (uses_select, "lmssocial.x", "parts = urlsplit(url).query"),
    (fits_in_the_head, "lmssocial.x", "def f():\n" + "    x = 1\n" * 40),
    (
        asks_access_first,
        "lmssocial.x.service",
        "def post(session, actor):\n    access.require_can_post(actor)",
    ),
    (asks_access_first, "lmssocial.x.service", "def rename(session, title):\n    session.add(title)"),
    (asks_access_first, "lmssocial.x.queries", "def page(session, actor):\n    session.scalars(actor)"),
]


@pytest.mark.parametrize(("rule", "name", "source"), INNOCENT)
def test_a_rule_leaves_the_innocent_alone(rule: Rule, name: str, source: str) -> None:
    assert not list(rule(Module(name, source)))
