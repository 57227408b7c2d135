"""Ten policies such as institutions have, to see what asking them adds to a post."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.hooks import Level, Stance
from lmssocial.social.plugin_settings import service
from tests.support.plugins import Site

TOP = """
import re
from difflib import SequenceMatcher
from lmssocial.plugin import Need
manifest = Manifest(name="{name}", title="{name}", summary="A policy of the benchmark.", needs=frozenset({{{needs}}}))
WORDS = re.compile(r"\\b(?:" + "|".join(f"word{{n}}|wort{{n}}s?" for n in range(200)) + r")\\b", re.IGNORECASE)
MAIL = re.compile(r"[\\w.+-]+@[\\w-]+\\.[\\w.]+")
PHONE = re.compile(r"(?:\\+|\\b00)\\d[\\d /()-]{{7,}}\\d")
IBAN = re.compile(r"\\b[A-Z]{{2}}\\d{{2}}(?: ?[A-Z0-9]{{4}}){{3,7}}\\b")
REPEATED = re.compile(r"(.)\\1{{7,}}")

@hookimpl
def lmssocial_screen_submission(submission):
    if {objects}:
        return Verdict(ruling=Ruling.{ruling}, reason="bench", message=gettext("A moderator reads this first."))
    return None
"""

TEN: dict[str, tuple[str, str, str]] = {
    "bench_words": ("WORDS.search(submission.text)", "HOLD", ""),
    "bench_links": ("len(set(submission.links)) > 5", "HOLD", ""),
    "bench_mail": ("MAIL.search(submission.source)", "HOLD", ""),
    "bench_phones": ("PHONE.search(submission.source)", "HOLD", ""),
    "bench_accounts": ("IBAN.search(submission.source)", "HOLD", ""),
    "bench_shouting": ("sum(map(str.isupper, submission.text)) > len(submission.text) / 2 + 9", "HOLD", ""),
    "bench_repeats": ("REPEATED.search(submission.text)", "HOLD", ""),
    "bench_newcomers": ("submission.standing.published < 1", "HOLD", "Need.STANDING"),
    "bench_staff": (
        "any(SequenceMatcher(None, name, submission.author_name).ratio() == 1 for name in submission.staff_names[:5])",
        "HOLD",
        "Need.STAFF_NAMES",
    ),
    "bench_counted": ("submission.text", "ALLOW", ""),
}
"""Name → what it looks for, its ruling, its needs. They find nothing in the texts of the benchmark, except the last,
which always answers, so that verdicts are written down, too."""


def install(site: Site) -> None:
    """Put all ten where the tool finds them; none is on."""
    for name, (objects, ruling, needs) in TEN.items():
        body = TOP.format(name=name, objects=objects, ruling=ruling, needs=needs)
        site.install(name, body, manifest="none")


def switched(url: str, *, on: bool) -> Callable[[], None]:
    """What switches all ten on, enforced, or off, in a tool's database."""

    def switch() -> None:
        engine = make_engine(url)
        with Session(engine) as session, unit_of_work(session):
            for name in TEN:
                service.switch(session, name, on=on, level=Level.INSTALLATION)
                service.take_stance(session, name, Stance.ENFORCE, level=Level.INSTALLATION)
        engine.dispose()

    return switch
