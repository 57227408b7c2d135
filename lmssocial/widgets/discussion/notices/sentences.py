"""How notices about posts read. Sentences work outside of a request as well."""

from collections.abc import Callable, Sequence

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.notifications.ports import Noted
from lmssocial.social.notifications.wording import who
from lmssocial.widgets.discussion.notices import kinds

Say = Callable[[str, int], str]


def sentence(notice: Noted, names: Sequence[str], count: int, *, is_to_them: bool) -> str:
    """Who did what.

    :param names: of those who did it, the newest first; others who did it as well may be missing.
    :param count: how often it happened.
    :param is_to_them: of a private thread: whether the reader is the member it is for, and not a moderator.
    """
    if notice.kind == kinds.ENDORSED:
        return _endorsed(notice, who(names))
    if notice.kind == kinds.HELPFUL:
        return _("%(who)s found your post helpful", who=who(names))
    if notice.kind == kinds.PRIVATE and not is_to_them:
        return _private_for_moderators(who(names), count)
    return _SENTENCES[notice.kind](who(names), count)


def _endorsed(notice: Noted, people: str) -> str:
    what = notice.subject.get("what")
    if what == "solved":
        return _("%(who)s says that your answer solved the question", who=people)
    if what == "answer_endorsed":
        return _("%(who)s endorsed an answer to your question", who=people)
    return _("%(who)s endorsed your post", who=people)


def _reply(people: str, count: int) -> str:
    return ngettext("%(who)s replied to you", "%(num)s new replies to you from %(who)s", count, who=people)


def _watched(people: str, count: int) -> str:
    return ngettext(
        "%(who)s wrote in a thread you watch",
        "%(num)s new posts from %(who)s in a thread you watch",
        count,
        who=people,
    )


def _private(people: str, count: int) -> str:
    return ngettext(
        "%(who)s wrote to you in private", "%(num)s private messages from %(who)s", count, who=people
    )


def _private_for_moderators(people: str, count: int) -> str:
    return ngettext(
        "%(who)s wrote in a private thread",
        "%(num)s messages from %(who)s in a private thread",
        count,
        who=people,
    )


_SENTENCES: dict[str, Say] = {
    kinds.REPLY: _reply,
    kinds.WATCHED: _watched,
    kinds.PRIVATE: _private,
    kinds.MENTION: lambda people, _count: _("%(who)s mentioned you", who=people),
    kinds.ANNOUNCEMENT: lambda people, _count: _("Announcement from %(who)s", who=people),
    kinds.SPECIAL: lambda people, _count: _("%(who)s made a special mention of your post", who=people),
    kinds.REMOVED: lambda _people, _count: _("A moderator removed your post"),
}
