"""Holds posts that carry more links than a course allows.

Off until an administrator or an instructor switches it on. It looks at the post that is being written and at nothing
else, stores nothing, and abstains unless somebody without trust went over the limit.
"""

from urllib.parse import urlsplit

from lmssocial.plugin import Manifest, Ruling, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_linklimit.settings import LinkLimit, LinkLimitForm

manifest = Manifest(
    name="linklimit",
    title=lazy_gettext("Link limit"),
    summary=lazy_gettext("Holds posts with more links than a course allows, until somebody has looked."),
    settings=LinkLimit,
    settings_form=LinkLimitForm,
)


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: LinkLimit) -> Verdict | None:
    """Abstain, unless somebody without trust went over the limit."""
    if submission.author_role in settings.trusted_roles:
        return None
    links = count_links(submission.links)
    if links <= settings.limit:
        return None
    return Verdict(ruling=Ruling.HOLD, reason="too-many-links", message=_sentence(links, settings.limit))


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


def _sentence(links: int, limit: int) -> str:
    if limit == 0:
        return _("In this course a moderator looks at every post with a link before others see it.")
    return _(
        "This post has %(links)d links. A moderator looks at posts with more than %(limit)d before others see them.",
        links=links,
        limit=limit,
    )
