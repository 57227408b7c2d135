"""A community in which everything that can happen to a case has happened."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Concern, Level, Ruling, Span, Stance, Submission, Verdict
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment, Tier
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation import appeals, cases, flags, reasons
from lmssocial.social.moderation.decisions import Decision, decide
from lmssocial.social.moderation.models import Case, Deed, FlagReason
from lmssocial.social.moderation.screening import Screen, Screening, Vote
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.wiring import HeldPosts
from tests.support.discussion import let_pass
from tests.support.people import Place, make_person, make_place

PRIVATE = """We agreed on the price on the telephone. If you want to hear how Mrs Miller does it, call her: \
+49 30 901820, or write to miller@buyer.example.

- She asks for the **volume** first.
- Then for the terms."""

LINKS = "The three that helped me: https://a.example/1 https://a.example/2 https://a.example/3"


def holding(policy: str, message: str, *words: str, **more: Any) -> Screen:
    """A policy that holds what it is asked about, because of ``words``."""

    def screen(submission: Submission) -> Screening:
        spans: tuple[Span, ...] = reasons.find(submission.source, words)
        verdict = Verdict(ruling=Ruling.HOLD, reason=f"{policy}-found", message=message, spans=spans, **more)
        return Screening((Vote(policy, verdict, version="1.0"),))

    return screen


@dataclass
class Affairs:
    """What there is, by name."""

    place: Place
    ana: Actor
    ben: Actor
    tom: Actor
    iris: Actor
    waits: int
    flagged: int
    declined: int
    """With an appeal that nobody has decided."""
    redacted: int
    hidden: int

    @property
    def base(self) -> str:
        """The address of the placement."""
        return f"/w/{self.place.placement.id}"


def make_affairs(session: Session) -> Affairs:
    """Play it. Flushed, not committed."""
    place = make_place(session)
    place.community.tier = Tier.REVIEWED
    place.community.ground_rules = (
        "Speak from your own experience.\nNothing private about others: no names, numbers or addresses.\n"
        "Be as hard on the matter as you like, and kind to people."
    )
    plugin_settings.switch(session, "linklimit", on=True, level=Level.COURSE, place_id=place.course.id)
    plugin_settings.take_stance(
        session, "linklimit", Stance.ENFORCE, level=Level.COURSE, place_id=place.course.id
    )
    stage = Stage(session, place)
    noor = make_person(session, place, "Noor Haddad")
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=noor.user_id,
            offices=Office.STEWARD.value,
            appointed_at=clock.now(),
        )
    )
    waits = stage.thread(
        "How Mrs Miller agrees on a price",
        PRIVATE,
        holding(
            "personaldata",
            "A telephone number and an e-mail address stand in your post.",
            *("+49 30 901820", "miller@buyer.example"),
            rule="Nothing private about others: no names, numbers or addresses.",
            suggestion="Leave both out, and say in your own words what others can learn from it.",
            confidence=0.9,
            concern=Concern.PERSONAL_DATA,
        ),
    )
    return Affairs(
        *(place, stage.ana, stage.ben, stage.tom, stage.iris, waits),
        flagged=stage.flagged(),
        declined=stage.declined(),
        redacted=stage.redacted(),
        hidden=stage.hidden(),
    )


class Stage:
    """A course, its people, and what they do."""

    def __init__(self, session: Session, place: Place) -> None:
        """Let the people in."""
        self.session, self.place, self.port = session, place, HeldPosts()
        self.ana = make_person(session, place, "Ana Ruiz")
        self.ben = make_person(session, place, "Ben Okoro")
        self.tom = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.iris = make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)
        opening = ThreadDraft(
            placement_id=place.placement.id, title="Your walk-away point", source="How did you find it?"
        )
        self.opening = service.post_thread(session, let_pass, self.ana, opening).post_id

    def thread(self, title: str, source: str, screen: Screen = let_pass) -> int:
        """A thread of Ben's."""
        draft = ThreadDraft(placement_id=self.place.placement.id, title=title, source=source)
        return service.post_thread(self.session, screen, self.ben, draft).post_id

    def reply(self, source: str, screen: Screen = let_pass) -> int:
        """An answer of Ben's."""
        draft = ReplyDraft(parent_id=self.opening, source=source)
        return service.reply_to(self.session, screen, self.ben, draft).post_id

    def case_of(self, post_id: int) -> Case:
        """The newest case about a post."""
        self.session.flush()
        wanted = select(Case).where(Case.contribution_id == post_id).order_by(Case.id.desc())
        return self.session.scalars(wanted).first() or Case()

    def decide(self, post_id: int, deed: Deed, message: str, *words: str) -> Case:
        """Tom decides the newest case about a post."""
        case = self.case_of(post_id)
        source = self.session.get_one(Contribution, post_id).source
        decision = Decision(
            deed=deed, seen_version=case.version, message=message, spans=reasons.find(source, words)
        )
        return decide(self.session, self.tom, self.port, case.id, decision)

    def flagged(self) -> int:
        """A post that two members reported, overdue."""
        post_id = self.reply("Whoever pays the first price they hear has no business in this course.")
        flags.flag(self.session, self.ana, self.port, post_id, FlagReason.UNKIND, "That is aimed at me.")
        other = make_person(self.session, self.place, "Li Wei")
        flags.flag(self.session, other, self.port, post_id, FlagReason.UNKIND)
        self.case_of(post_id).due_at = clock.now() - timedelta(hours=3)
        return post_id

    def declined(self) -> int:
        """A post that Tom did not publish, and that its author wants somebody else to look at."""
        post_id = self.reply(LINKS, holding("linklimit", "This post has 3 links.", "https://a.example/1"))
        case = self.decide(post_id, Deed.REJECTED, "Please keep the best of the three, and say why.")
        self.session.flush()
        appeals.appeal(self.session, self.ben, case.id, "All three are needed: the third answers the first.")
        return post_id

    def redacted(self) -> int:
        """A post out of which Tom took a name, and that Iris keeps another of."""
        screen = holding("words", "A customer is named.", "Miller")
        post_id = self.reply("Ask Mrs Miller of Buyer Ltd about the terms.", screen)
        self.decide(post_id, Deed.REDACTED, "Customers stay unnamed here.", "Mrs Miller", "Buyer Ltd")
        taken = self.reply(f"{LINKS}, again", holding("linklimit", "This post has 3 links."))
        cases.claim(self.session, self.tom, self.case_of(taken).id)
        return post_id

    def hidden(self) -> int:
        """A post that two moderators reported, so that it is hidden."""
        post_id = self.reply("Buy my course at a third of the price.")
        for actor in (self.tom, self.iris):
            flags.flag(self.session, actor, self.port, post_id, FlagReason.SPAM)
        self.session.flush()
        return post_id
