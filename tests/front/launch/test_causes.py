"""Every cause a launch can be refused for: named once, and explained to administrators."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from lmssocial.lms.identity import refusals
from lmssocial.lms.identity.refusal_words import CAUSES, EXPLAINED
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.refusals import Cause

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "launch-refusals.md"


def causes_in(*modules: ModuleType) -> list[Cause]:
    """The causes that the modules define, in their order."""
    return [value for module in modules for value in vars(module).values() if isinstance(value, Cause)]


ALL = causes_in(causes, refusals)


def test_no_two_causes_share_a_code() -> None:
    codes = [cause.code for cause in ALL]
    assert len(codes) == len(set(codes)) == 51


@pytest.mark.parametrize("cause", ALL, ids=lambda cause: cause.code)
def test_a_cause_says_what_happened_and_what_to_do(cause: Cause) -> None:
    assert cause.status in {400, 401, 403, 404, 413, 503}
    assert cause.words.title
    assert not cause.words.title.endswith(".")
    assert cause.words.message.endswith(".")
    assert len(re.findall(r"[.:] ", cause.words.message)) >= 1, "one sentence says what, another what to do"
    assert "!" not in cause.words.title + cause.words.message


def test_the_administrators_page_explains_every_cause_with_its_status() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \| (.+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert {code: int(status) for code, status, _, _ in rows} == {cause.code: cause.status for cause in ALL}
    assert len(rows) == len(ALL)


def test_the_administrators_pages_say_what_the_document_says() -> None:
    rows = re.findall(r"^\| `(\w+)` \| \d+ \| (.+) \| (.+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    said = {code: (one.means, one.helps) for code, one in EXPLAINED.items()}
    assert said == {code: (_sentence(means), _sentence(helps)) for code, means, helps in rows}
    assert list(CAUSES.values()) == ALL


def _sentence(cell: str) -> str:
    begins_with_code = cell.startswith("`")
    plain = cell.replace("`", "")
    return f"{plain if begins_with_code else plain[0].upper() + plain[1:]}."
