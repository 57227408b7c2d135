"""Lets a moderator read the first posts of everybody new before others see them.

Spam comes from accounts that have posted nothing before, and a kind first answer makes newcomers stay. It knows how
many posts of the author everybody can read, stores nothing, and abstains once there are enough of them.
"""

import re

from lmssocial.plugin import Manifest, Moment, Need, Ruling, Submission, Verdict, hookimpl, lazy_gettext
from lmssocial.plugin import gettext as _
from lmssocial_firstposts.settings import FirstPosts, FirstPostsForm

manifest = Manifest(
    name="firstposts",
    title=lazy_gettext("First posts"),
    summary=lazy_gettext("Holds the first posts of everybody new, until somebody has read them."),
    settings=FirstPosts,
    settings_form=FirstPostsForm,
    needs=frozenset({Need.STANDING}),
    stores=lazy_gettext("Nothing. It counts the posts of the author that everybody can read."),
)

_PICTURE = re.compile(r"!\[[^\[\]\n]{0,1000}\][(\[]")


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: FirstPosts) -> Verdict | None:
    """Hold what somebody new hands in, as far as the settings want it read."""
    if is_trusted(submission, settings) or submission.standing is None:
        return None
    published = submission.standing.published
    if published >= settings.posts:
        return None
    if settings.only_threads and not submission.kind.endswith(".thread"):
        return None
    if settings.only_with_links and not leads_elsewhere(submission):
        return None
    return Verdict(
        ruling=Ruling.HOLD,
        reason="first-posts",
        message=_message(settings, submission),
        rule=settings.rule,
        suggestion=_suggestion(settings, published),
    )


def is_trusted(submission: Submission, settings: FirstPosts) -> bool:
    """Whether the author looks after the course or the community, and so is nobody new."""
    return submission.author_role in settings.trusted_roles or bool(submission.author_offices)


def leads_elsewhere(submission: Submission) -> bool:
    """Whether the post carries a link to another site, or a picture."""
    links = any(link.lower().startswith(("http:", "https:", "//")) for link in submission.links)
    return links or _PICTURE.search(submission.source) is not None


def _message(settings: FirstPosts, submission: Submission) -> str:
    if submission.moment is Moment.EDIT:
        return _("A moderator reads what you changed before others see it, because you are new here.")
    if settings.only_with_links:
        return _(
            "Welcome. A moderator reads the first posts with a link or a picture before others see them."
        )
    if settings.only_threads:
        return _("Welcome. A moderator reads the first threads of everybody new before others see them.")
    if settings.posts == 1:
        return _("Welcome. A moderator reads everybody's first post before others see it.")
    return _("Welcome. A moderator reads everybody's first posts before others see them.")


def _suggestion(settings: FirstPosts, published: int) -> str:
    """When it is over: with numbers only where there is something to count."""
    if settings.only_with_links:
        return _("Without links and pictures it appears at once.")
    if settings.posts - published == 1:
        return _("As soon as this one is approved, your next posts appear at once.")
    return _(
        "Your posts appear at once when %(posts)d of them are approved. Approved so far: %(published)d.",
        posts=settings.posts,
        published=published,
    )
