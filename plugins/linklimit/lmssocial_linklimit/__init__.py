"""Holds posts that carry more links than a course allows, or that lead where spam leads.

It looks at the post that is being written and at nothing else, stores nothing, and abstains unless somebody without
trust went over the limit, or invites to a chat elsewhere, shortens an address or shares a document: the three that
spam in courses has moved between whenever one of them was stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lmssocial.plugin import Manifest, Ruling, Span, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_linklimit.hosts import find, hidden, spans, tidy_entry
from lmssocial_linklimit.reading import Reading, read
from lmssocial_linklimit.settings import LinkLimit, LinkLimitForm

manifest = Manifest(
    name="linklimit",
    title=lazy_gettext("Link limit"),
    summary=lazy_gettext(
        "Holds posts with more links than a course allows, and with links to chats, short links and shared documents."
    ),
    settings=LinkLimit,
    settings_form=LinkLimitForm,
    stores=lazy_gettext("Nothing. It reads the post that is being written."),
)

NAMED = 3
"""Hosts that are named to the author; the places of the others are marked as well."""


@dataclass(frozen=True)
class Finding:
    """One thing that keeps a post from appearing at once."""

    reason: str
    message: str
    suggestion: str
    spans: tuple[Span, ...]


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: LinkLimit) -> Verdict | None:
    """Abstain, unless somebody without trust went over the limit or leads where nobody should follow unread."""
    if submission.author_role in settings.trusted_roles or submission.author_offices:
        return None
    reading = read(submission.source)
    findings = [*_led_away(submission, reading, settings), *_over_the_limit(submission, reading, settings)]
    if not findings:
        return None
    places = sorted({(span.start, span.end) for found in findings for span in found.spans})
    return Verdict(
        ruling=Ruling.HOLD,
        reason=findings[0].reason,
        message=" ".join(found.message for found in findings),
        rule=settings.rule,
        spans=tuple(Span(*place) for place in places),
        suggestion=" ".join(found.suggestion for found in findings),
    )


def count_links(links: tuple[str, ...]) -> int:
    """How many different pages elsewhere ``links`` lead to.

    One page linked twice counts once, wherever on it the links point; two pages of one site count twice, because a
    dozen links to one shop are what the limit is for. Addresses within the tool (``/w/3/…``) and e-mail addresses
    do not count.
    """
    return len({_page(link) for link in links if link.lower().startswith(("http://", "https://"))})


def _page(link: str) -> str:
    """What makes two addresses the same page: not the way there, not the place on it, not how the host is written."""
    try:
        parts = urlsplit(link)
    except ValueError:  # no address that leads anywhere, and still written as one
        return link
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def _led_away(submission: Submission, reading: Reading, settings: LinkLimit) -> Iterator[Finding]:
    """Which of the three kinds of hosts it leads to."""
    kinds: tuple[tuple[str, tuple[str, ...], Callable[[str], tuple[str, str]]], ...] = (
        ("chat-invitation", settings.invitations, _invitation),
        ("short-link", settings.shorteners, _short),
        ("shared-document", settings.documents, _document),
    )
    entries = [set(filter(None, map(tidy_entry, listed))) for _reason, listed, _words in kinds]
    hits = find(submission, reading, set().union(*entries))
    for (reason, _listed, words), of_kind in zip(kinds, entries, strict=True):
        if found := [hit for hit in hits if hit.entry in of_kind]:
            hosts = list(dict.fromkeys(hit.entry for hit in found))
            named = ", ".join([*hosts[:NAMED], *(["…"] if len(hosts) > NAMED else [])])
            yield Finding(reason, *words(named), spans(found))


def _invitation(hosts: str) -> tuple[str, str]:
    return (
        _(
            "This post invites to a chat elsewhere (%(hosts)s), so a moderator reads it before others see it.",
            hosts=hosts,
        ),
        _("It appears at once without the invitation."),
    )


def _short(hosts: str) -> tuple[str, str]:
    return (
        _(
            "This post has a short address (%(hosts)s) that does not show where it leads, so a moderator reads it "
            "before others see it.",
            hosts=hosts,
        ),
        _("Write the full address instead of the short one."),
    )


def _document(hosts: str) -> tuple[str, str]:
    return (
        _(
            "This post leads to a shared document (%(hosts)s), so a moderator reads it before others see it.",
            hosts=hosts,
        ),
        _("It appears at once if you write what matters here instead of linking to it."),
    )


def _over_the_limit(submission: Submission, reading: Reading, settings: LinkLimit) -> Iterator[Finding]:
    links = count_links((*submission.links, *hidden(reading)))
    if links > settings.limit:
        yield Finding(
            "too-many-links", _sentence(links, settings.limit), _fewer(settings.limit), _places(submission)
        )


def _places(submission: Submission) -> tuple[Span, ...]:
    """Where the links stand, as far as they are written out."""
    starts = {link: submission.source.find(link) for link in dict.fromkeys(submission.links) if link}
    return tuple(Span(at, at + len(link)) for link, at in list(starts.items())[:50] if at >= 0)


def _sentence(links: int, limit: int) -> str:
    if limit == 0:
        return _("In this course a moderator looks at every post with a link before others see it.")
    return _(
        "This post has %(links)d links. A moderator looks at posts with more than %(limit)d before others see them.",
        links=links,
        limit=limit,
    )


def _fewer(limit: int) -> str:
    if limit == 0:
        return _("It appears at once without links.")
    return _("It appears at once with no more than %(limit)d.", limit=limit)
