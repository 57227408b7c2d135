"""Who and what the demo's history speaks of, as rows, and what becomes of each move."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.front.demo.appreciation import appreciate
from lmssocial.front.demo.cast import Cast, Person
from lmssocial.front.demo.grading import grades_of
from lmssocial.front.demo.registrar import WEEK_TWO
from lmssocial.front.demo.script import (
    Appeal,
    Appreciate,
    Decline,
    Edit,
    Lock,
    Move,
    OpenThread,
    Pin,
    ReadOn,
    Remove,
    Reply,
    Report,
    Restore,
    Solve,
    Vote,
)
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.admission import admit
from lmssocial.lms.identity.events import CourseJoined
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti import launch as lti
from lmssocial.lms.lti.roles import parse_role
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.models import Placement
from lmssocial.social.communities.service import PlacementDraft
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation import appeals, decisions, flags
from lmssocial.social.moderation.models import Case, Deed, FlagReason
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.discussion import marking
from lmssocial.widgets.discussion import service as discussion
from lmssocial.widgets.discussion.drafts import EditDraft, PollDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.marks import progress_of
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.wiring import HeldPosts

TITLE = "Week 2 discussion"
TEACHER = "tom.berg"


@dataclass(frozen=True)
class Read(Move):
    """They read everything there was."""


@dataclass
class Stage:
    """Who and what the moves speak of, as rows."""

    session: Session
    registration: Registration
    deployment_id: str
    cast: Cast
    actors: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    """Contributions by the keys that the script gives them; a thread's key means its opening."""
    threads: dict[str, int] = field(default_factory=dict)
    placements: dict[str, int] = field(default_factory=dict)
    """Discussions by their keys."""
    link_id: int = 0
    """The link that was followed last."""

    def enter(self, person: Person, link: str = WEEK_TWO, title: str = TITLE) -> None:
        """Let somebody into the course as a launch from ``link`` does."""
        admission = admit(self.session, self._launch(person, link, title))
        community = communities.community_of(self.session, admission.course)
        actor = Actor(
            user_id=admission.user.id,
            name=admission.user.name,
            tenant_id=self.registration.tenant_id,
            course_id=admission.course.id,
            community_id=community.id,
            roles=admission.roles,
        )
        activity.record(self.session, CourseJoined(**actor.envelope))
        self.actors[person.key] = actor
        if admission.resource_link is not None:
            self.link_id = admission.resource_link.id

    def place(self, key: str, title: str, intro: str, *, widget: str = "discussion") -> None:
        """Let the teacher place an activity behind the link they came by."""
        draft = PlacementDraft(widget=widget, title=title, intro=intro)
        placement: Placement = communities.place(self.session, self.actors[TEACHER], draft)
        communities.link(self.session, self.link_id, placement)
        self.placements[key] = placement.id

    def do(self, screen: Screen, move: Move) -> None:
        """Make one move."""
        session, actor = self.session, self.actors[move.by]
        match move:
            case OpenThread():
                placement_id = self.placements[move.place]
                thread_draft = ThreadDraft(
                    placement_id=placement_id,
                    title=move.title,
                    source=self._linked(move),
                    kind=move.kind,
                    poll=PollDraft(question=move.poll[0], options=move.poll[1:]) if move.poll else None,
                )
                posted = discussion.post_thread(session, screen, actor, thread_draft)
                self.threads[move.key], self.posts[move.key] = posted.thread_id, posted.post_id
            case Reply():
                reply_draft = ReplyDraft(parent_id=self.posts[move.to], source=self._linked(move))
                self.posts[move.key] = discussion.reply_to(session, screen, actor, reply_draft).post_id
            case Edit():
                edit_draft = EditDraft(
                    post_id=self.posts[move.key], source=move.body, seen_version=self._version(move.key)
                )
                discussion.edit_post(session, screen, actor, edit_draft)
            case Pin():
                discussion.pin(session, actor, self.threads[move.key])
            case Lock():
                discussion.lock(session, actor, self.threads[move.key])
            case Remove():
                discussion.remove_post(session, actor, self.posts[move.key])
            case Restore():
                discussion.restore_post(session, actor, self.posts[move.key])
            case Read() | ReadOn():
                self.read(actor, move)
            case Report() | Decline() | Appeal() | Appreciate() | Solve() | Vote():
                self.respond(move)

    def read_all(self, actor: Actor) -> None:
        """Somebody reads everything there is."""
        for placement_id in self.placements.values():
            marking.mark_all_read(self.session, actor, placement_id)

    def read(self, actor: Actor, move: Read | ReadOn) -> None:
        """Somebody reads everything, reads on in a thread, or looks at one post."""
        if isinstance(move, Read):
            self.read_all(actor)
            return
        self.session.flush()  # posts are found by what was written so far
        post = self.session.get_one(Post, self.posts[move.key])
        thread = self.session.get_one(Thread, post.thread_id)
        first = post.number or 1
        if post.number == 1 and move.count > 1:
            first = progress_of(self.session, actor.user_id, thread.id).last + 1
        numbers = range(first, min(first + move.count, thread.highest_number + 1))
        marking.mark_read(self.session, actor, thread.id, numbers)

    def _linked(self, move: OpenThread | Reply) -> str:
        """The words of a post, with the places that it points to."""
        body = move.body
        for number, key in enumerate(move.links, start=1):
            post = self.session.get_one(Contribution, self.posts[key])
            body = body.replace(f"{{link{number}}}", f"/w/{post.placement_id}/discussion/posts/{post.id}")
        return body

    def respond(self, move: Report | Decline | Appeal | Appreciate | Solve | Vote) -> None:
        """Do something with what somebody wrote."""
        session, actor, port = self.session, self.actors[move.by], HeldPosts()
        session.flush()  # posts and cases are found by what was written so far
        match move:
            case Appreciate() | Solve() | Vote():
                appreciate(session, actor, move, self.posts, self.threads)
            case Report():
                flags.flag(session, actor, port, self.posts[move.key], FlagReason(move.reason), move.note)
            case Decline():
                case = self._case(move.key)
                decision = decisions.Decision(
                    deed=Deed.REJECTED, seen_version=case.version, message=move.message
                )
                decisions.decide(session, actor, port, case.id, decision)
            case Appeal():
                appeals.appeal(session, actor, self._case(move.key).id, move.plea)

    def _case(self, key: str) -> Case:
        """The latest case about a post."""
        found = select(Case).where(Case.contribution_id == self.posts[key]).order_by(Case.id.desc())
        return self.session.scalars(found.limit(1)).one()

    def _version(self, key: str) -> int:
        self.session.flush()  # the version counts what was written so far
        return self.session.get_one(Contribution, self.posts[key]).version

    def _launch(self, person: Person, link: str, title: str) -> lti.Launch:
        roles = frozenset(role for text in person.part.roles if (role := parse_role(text)) is not None)
        return lti.Launch(
            message_type=lti.MessageType.RESOURCE_LINK,
            registration_id=self.registration.id,
            deployment_id=self.deployment_id,
            person=lti.Person(
                sub=person.sub,
                name=person.name,
                given_name=person.given_name,
                family_name=person.family_name,
                email=person.email,
                locale="en",
            ),
            roles=roles,
            context=lti.Context(id=self.cast.course_id, title=self.cast.title, label=self.cast.label),
            resource_link=lti.ResourceLink(id=link, title=title),
            target_link_uri="",
            grades=grades_of(self.registration.issuer, self.cast.course_id),
        )
