"""Somebody's browser at the moderators' desk of one placement, where the policy for links is enforced."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.models import Case, CaseState
from tests.support.seat import Seat, text_of
from tests.support.visitor import Form, forms_of

LINKS = "https://a.example/1 https://a.example/2 https://a.example/3"


@dataclass
class Desk:
    """Somebody's browser, at the discussion and at the moderators' desk of one placement."""

    seat: Seat
    placement_id: int

    def at_desk(self, query: str = "") -> str:
        """What the desk says."""
        return text_of(self.seat.open(self.address(f"/{query}")))

    def address(self, path: str) -> str:
        """An address of the desk."""
        return f"/w/{self.placement_id}/moderation{path}"

    def forms(self) -> list[Form]:
        """The forms on the desk."""
        page = self.seat.open(self.address("/"))
        return forms_of(page.get_data(as_text=True), page.request.url)

    def form(self) -> Form:
        """The one form on the desk that decides something."""
        (form,) = [form for form in self.forms() if re.search(r"/decide(\?|$)", form.action)]
        return form

    def decide(self, deed: str, message: str | None = None) -> str:
        """Press the one button of a kind, and read what comes of it."""
        form = self.form()
        values = {name: message for name in form.names() if name.endswith("-message") and message is not None}
        answer = self.seat.send(form, button=deed, **values)
        return text_of(self.seat.follow(answer) if answer.status_code == 303 else answer)

    def press(self, how: str) -> str:
        """Press the one button of a kind on the desk, and read what comes of it."""
        (form,) = [form for form in self.forms() if form.action.endswith(how)]
        return text_of(self.seat.follow(self.seat.send(form)))

    def write(self, title: str = "Three places to look", source: str = LINKS) -> str:
        """Open a thread, and read the page that comes."""
        return text_of(self.seat.fill_in("/threads/new", "/threads/new", title=title, source=source))

    def flag(self, post_id: int, reason: str, note: str = "") -> str:
        """Report a post, and read the page that comes."""
        page = self.seat.open(self.address(f"/posts/{post_id}/flag"))
        if page.status_code != 200:
            return text_of(page)
        answer = self.seat.send(self.seat.form(page, "/flag"), reason=reason, note=note)
        return text_of(self.seat.follow(answer) if answer.status_code == 303 else answer)

    def reads(self) -> str:
        """The list of threads."""
        return text_of(self.seat.open("/"))

    def thread(self) -> str:
        """The address of the newest thread that they see."""
        return str(re.findall(r'(/threads/\d+)"', self.seat.open("/").get_data(as_text=True))[0])

    def post(self, session: Session, title: str = "") -> int:
        """The newest contribution there is, or the one with a title."""
        session.rollback()
        wanted = select(Contribution.id).order_by(Contribution.id.desc())
        return session.scalars(wanted.where(Contribution.title == title) if title else wanted).first() or 0

    def why(self, session: Session) -> str:
        """The address at which the author of the newest contribution reads why."""
        return self.address(f"/posts/{self.post(session)}")

    def case_id(self, session: Session) -> int:
        """The newest case there is."""
        session.rollback()
        return session.scalars(select(Case.id).order_by(Case.id.desc())).first() or 0


SitDown = Callable[[Actor], Desk]


def states(session: Session) -> list[CaseState]:
    """Where every case stands."""
    session.rollback()
    return list(session.scalars(select(Case.state).order_by(Case.id)))
