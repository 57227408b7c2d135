"""The files of a new plugin, as templates: path → text, with the places of :class:`string.Template`."""

PYPROJECT = """\
[build-system]
requires = ["uv_build>=0.8,<1"]
build-backend = "uv_build"

[project]
name = "$dist"
version = "0.1.0"
description = "A policy for lmssocial: holds posts that are too long, until somebody has looked."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["lmssocial>=0.1,<1", "wtforms>=3.3,<4"]

[project.entry-points."lmssocial.plugins"]
$name = "lmssocial_$name"

[tool.uv.build-backend]
module-root = ""

[tool.pytest.ini_options]
pythonpath = ["."]
testpaths = ["tests"]
"""

README = """\
# $dist

A policy for [lmssocial](https://pypi.org/project/lmssocial/): a post with more words than its course allows is held
until somebody has looked at it.

    pip install $dist
    lmssocial plugins check $name
    lmssocial plugins enable $name

Until somebody takes a stance it only notes what it would have done: `shadow`, then `advise`, then `enforce`.

| setting | meaning | comes as |
|---|---|---|
| `limit` | words a post may have, 10 to 10,000 | `500` |

It stores nothing, and looks at the post that is being written and at nothing else.

To change it: `pip install pytest -e . && python -m pytest`.
"""

MODULE = '''\
"""Holds posts that are too long, until somebody has looked."""

from lmssocial.plugin import Manifest, Ruling, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_$name.settings import $Class, ${Class}Form

manifest = Manifest(
    name="$name",
    title=lazy_gettext("$title"),
    summary=lazy_gettext("Holds posts that are too long, until somebody has looked."),
    api=($api),
    settings=$Class,
    settings_form=${Class}Form,
)


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: $Class) -> Verdict | None:
    """Abstain, unless the post has too many words."""
    words = len(submission.text.split())
    if words <= settings.limit:
        return None
    return Verdict(
        ruling=Ruling.HOLD,
        reason="too-long",
        message=_("This post has %(words)d words, so a moderator reads it first.", words=words),
        suggestion=_("A post of at most %(limit)d words is published at once.", limit=settings.limit),
    )
'''

SETTINGS = '''\
"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from lmssocial.plugin import SafeForm
from lmssocial.plugin import lazy_gettext as _l


@dataclass(frozen=True)
class $Class:
    """How long a post may be."""

    limit: int = 500
    """Words."""


class ${Class}Form(SafeForm):
    """The same for people."""

    limit = IntegerField(
        _l("Words that one post may have"),
        [
            InputRequired(_l("A number from 10 to 10,000.")),
            NumberRange(min=10, max=10_000, message=_l("A number from 10 to 10,000.")),
        ],
        description=_l("A longer post is held until somebody has looked."),
    )
'''

CONFTEST = '''\
"""Brings what lmssocial offers to the tests of plugins."""

pytest_plugins = ["lmssocial.testing"]
'''

TESTS = '''\
"""What the policy holds, what it lets pass, and what it tells the author."""

import pytest

import lmssocial_$name
from lmssocial.plugin import Ruling
from lmssocial.testing import ask, check_plugin, submission


def test_it_is_sound():
    assert check_plugin(lmssocial_$name) == []


@pytest.mark.parametrize("words", [0, 1, 20])
def test_a_post_within_the_limit_passes(words):
    assert ask(lmssocial_$name, submission(text="word " * words), limit=20) is None


def test_a_longer_post_is_held_and_its_author_hears_why_and_what_would_pass():
    verdict = ask(lmssocial_$name, submission(text="word " * 21), limit=20)

    assert verdict is not None
    assert (verdict.ruling, verdict.reason) == (Ruling.HOLD, "too-long")
    assert "21 words" in verdict.message
    assert "20 words" in verdict.suggestion


def test_its_author_reads_it_in_their_language():
    verdict = ask(lmssocial_$name, submission(text="word " * 21), locale="de", limit=20)

    assert verdict is not None
    assert "21 Wörter" in verdict.message
'''

GERMAN = """\
# One file for each language: translations/<language>/LC_MESSAGES/messages.po. It is read as it is; nothing has to be
# compiled.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "$title"
msgstr "$title"

msgid "Holds posts that are too long, until somebody has looked."
msgstr "Hält zu lange Beiträge zurück, bis jemand sie angesehen hat."

#, python-format
msgid "This post has %(words)d words, so a moderator reads it first."
msgstr "Dieser Beitrag hat %(words)d Wörter; deshalb liest ihn zuerst jemand von der Moderation."

#, python-format
msgid "A post of at most %(limit)d words is published at once."
msgstr "Ein Beitrag mit höchstens %(limit)d Wörtern wird sofort veröffentlicht."

msgid "Words that one post may have"
msgstr "Wörter, die ein Beitrag haben darf"

msgid "A number from 10 to 10,000."
msgstr "Eine Zahl von 10 bis 10.000."

msgid "A longer post is held until somebody has looked."
msgstr "Ein längerer Beitrag wird zurückgehalten, bis ihn jemand angesehen hat."
"""

FILES: dict[str, str] = {
    "pyproject.toml": PYPROJECT,
    "README.md": README,
    "lmssocial_$name/__init__.py": MODULE,
    "lmssocial_$name/settings.py": SETTINGS,
    "lmssocial_$name/py.typed": "",
    "lmssocial_$name/translations/de/LC_MESSAGES/messages.po": GERMAN,
    "tests/conftest.py": CONFTEST,
    "tests/test_$name.py": TESTS,
}
"""All of them, in the order of reading."""
