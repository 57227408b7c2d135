"""What events of courses, communities, engagement and moderation tell."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from lmssocial_reporting.evidence.telling import Told
from lmssocial_reporting.store.port import Act, Deed

APPROVED, REJECTED = "approved", "rejected"


def _joined(told: Told) -> Iterator[Act]:
    yield told.act(Deed.JOINED)


def _marked(deed: Deed, told: Told) -> Iterator[Act]:
    """A mark on a contribution, and that it was taken back."""
    item = f"c{told.key('contribution_id')}"
    yield told.act(deed, item=item, other=told.number("author_id"), number=told.number("stars"))


def _shared(told: Told) -> Iterator[Act]:
    """``via`` names the community it was brought to."""
    yield told.act(
        Deed.SHARED,
        item=f"c{told.key('contribution_id')}",
        other=told.number("author_id"),
        target=f"c{told.key('as_contribution_id')}",
        number=told.number("words"),
        via=f"to-{told.number('to_community_id')}",
    )


def _followed(deed: Deed, told: Told) -> Iterator[Act]:
    """Only threads and questions are of somebody; topics and people that are followed are not."""
    kind = {"discussion.thread": "t", "experts.question": "q"}.get(told.text("subject_kind"))
    if kind is not None:
        thread = f"{kind}{told.key('subject_id')}"
        yield told.act(deed, item=thread, thread=thread, other=told.number("author_id"))


def _flagged(told: Told) -> Iterator[Act]:
    yield told.act(Deed.FLAGGED, item=f"c{told.key('contribution_id')}", other=told.number("author_id"))


def _decided(told: Told) -> Iterator[Act]:
    """Versions before 3 do not say what it was about: then it is care for nobody in particular."""
    contribution, author = told.number("contribution_id"), told.number("author_id")
    item = f"c{contribution}" if contribution else ""
    if not author or author != told.actor:
        yield told.act(Deed.MODERATED, item=item, other=author, via="decision")
    if not item:
        return
    if told.text("decision") == REJECTED:
        yield told.act(Deed.WITHDRAWN, item=item, other=author)
    elif told.text("decision") == APPROVED:
        yield told.act(Deed.RESTORED, item=item, other=author)


def governed(via: str, told: Told) -> Iterator[Act]:
    """Rules, targets, topics and groups looked after; nobody does what happens by itself."""
    if told.actor:
        yield told.act(Deed.GOVERNED, other=told.number("user_id"), via=via)


_GOVERNS = {
    "governance.community_configured": "community",
    "communities.group_made": "group",
    "communities.group_renamed": "group",
    "communities.group_deleted": "group",
    "communities.group_members_changed": "group",
    "communities.span_founded": "span",
    "communities.span_joined": "span",
    "communities.span_left": "span",
    "reporting.target_drafted": "target",
    "reporting.target_consulted": "target",
    "reporting.target_ratified": "target",
    "reporting.target_retired": "target",
    "reporting.setter_named": "target",
}

READERS: Mapping[str, Callable[[Told], Iterable[Act]]] = {
    "identity.course_joined": _joined,
    "engagement.helpful_marked": partial(_marked, Deed.HELPFUL),
    "engagement.helpful_unmarked": partial(_marked, Deed.UNHELPFUL),
    "engagement.rated": partial(_marked, Deed.RATED),
    "engagement.endorsed": partial(_marked, Deed.ENDORSED),
    "engagement.unendorsed": partial(_marked, Deed.UNENDORSED),
    "engagement.saved": partial(_marked, Deed.KEPT),
    "engagement.unsaved": partial(_marked, Deed.UNKEPT),
    "engagement.specially_mentioned": partial(_marked, Deed.MENTIONED),
    "engagement.shared": _shared,
    "engagement.followed": partial(_followed, Deed.FOLLOWED),
    "engagement.unfollowed": partial(_followed, Deed.UNFOLLOWED),
    "moderation.contribution_flagged": _flagged,
    "moderation.case_decided": _decided,
    **{name: partial(governed, via) for name, via in _GOVERNS.items()},
}
