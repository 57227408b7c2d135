"""Backups of Moodle (``.mbz``), as Moodle 2.0 to 5 writes them: ``backup/moodle2/backup_forum_stepslib.php`` there.

A backup is a zip, or a tar in gzip, of XML files: ``users.xml``, ``groups.xml``, ``files.xml``, and for each forum
``activities/forum_<number>/forum.xml``. Nothing private, hidden, deleted or outside of its time is brought in.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line
from lmssocial.widgets.discussion.importing.past import (
    Loss,
    Past,
    PastPerson,
    PastPost,
    PastThread,
    Source,
    Unreadable,
)
from lmssocial.widgets.discussion.importing.readers.archives import Archive

_NOTHING = "$@NULL@$"
"""How a backup writes that a field is empty."""
_OWN_FILES = re.compile(r"@@PLUGINFILE@@")
_HTML, _MARKDOWN, _PLAIN = "1", "4", "2"


def read(archive: Archive) -> Past:
    """All forums of a backup.

    :raises Unreadable: if it has none, was made without people, or an XML file in it is damaged.
    """
    past = Past(Source.MOODLE)
    people = _people(archive)
    groups = _groups(archive)
    forums = list(archive.names("activities/forum_", "/forum.xml"))
    if not forums:
        raise Unreadable(_("There is no forum in this backup. Make one that includes the forum activities."))
    past.losses[Loss.FILES] += _file_count(archive)
    for name in forums:
        file = archive.part(name)
        if file is not None:
            _Forum(past, people, groups).read(file)
    if (
        not past.threads
        and not past.losses[Loss.PRIVATE] + past.losses[Loss.GROUPS] + past.losses[Loss.TIMED]
    ):
        raise Unreadable(
            _(
                "The forums in this backup hold no posts. Make the backup again with “Include enrolled users” "
                "switched on; Moodle leaves out what people wrote otherwise."
            )
        )
    return past


def _elements(file: BinaryIO, *names: str) -> Iterator[Element]:
    """The elements of some names as they end, each emptied afterwards.

    :raises Unreadable: if it is no XML, or an XML that declares entities.
    """
    above: list[Element] = []
    try:
        events = ElementTree.iterparse(
            file, events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
        for event, element in events:
            if event == "start":
                above.append(element)
                if len(above) > 200:
                    raise Unreadable(_("A file in this backup is not what Moodle writes."), reason="nested")
                continue
            above.pop()
            if element.tag in names:
                yield element
                if element.tag != "name":  # what has a name still needs it
                    element.clear()
                    above[-1].remove(element)
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError, LookupError) as error:
        raise Unreadable(
            _("A file in this backup is damaged or not what Moodle writes. Make the backup again."),
            reason=f"{type(error).__name__}: {error}",
        ) from error


def _text(element: Element, name: str) -> str:
    value = element.findtext(name) or ""
    return "" if value == _NOTHING else value


def _time(value: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC) if value and value != "0" else None
    except (ValueError, OverflowError, OSError):
        return None


def _people(archive: Archive) -> dict[str, PastPerson]:
    file = archive.part("users.xml")
    if file is None:
        return {}
    return {
        key: PastPerson(
            key,
            tidy_line(f"{_text(user, 'firstname')} {_text(user, 'lastname')}")[:200],
            _text(user, "email").strip()[:254],
        )
        for user in _elements(file, "user")
        if (key := user.get("id", ""))
    }


def _groups(archive: Archive) -> dict[str, str]:
    file = archive.part("groups.xml")
    if file is None:
        return {}
    return {group.get("id", ""): tidy_line(_text(group, "name"))[:120] for group in _elements(file, "group")}


def _file_count(archive: Archive) -> int:
    """Attached and embedded files of posts; folders are listed as well, with a dot for a name."""
    file = archive.part("files.xml")
    if file is None:
        return 0
    return sum(
        _text(one, "component") == "mod_forum"
        and _text(one, "filearea") in {"attachment", "post"}
        and _text(one, "filename") not in {"", "."}
        for one in _elements(file, "file")
    )


class _Forum:
    """One ``forum.xml`` on its way into a :class:`Past`."""

    def __init__(self, past: Past, people: dict[str, PastPerson], groups: dict[str, str]) -> None:
        self._past, self._people, self._groups = past, people, groups
        self._name = ""
        self._posts: list[PastPost] = []

    def read(self, file: BinaryIO) -> None:
        """Take its discussions in."""
        skipped = ("subscription", "discussion_sub", "digest", "read", "track")
        for element in _elements(file, "name", "post", "discussion", "rating", *skipped):
            if element.tag == "post":
                self._post(element)
            elif element.tag == "discussion":
                self._discussion(element)
            elif element.tag == "name" and not self._name:
                self._name = tidy_line(element.text or "")[
                    :200
                ]  # a forum's name stands before its discussions
            elif element.tag == "rating":
                self._past.losses[Loss.RATINGS] += 1
            elif element.tag in skipped:
                self._past.losses[Loss.MARKS] += 1

    def _post(self, element: Element) -> None:
        losses = self._past.losses
        if _text(element, "privatereplyto") not in {"", "0"}:
            losses[Loss.PRIVATE] += 1
            return
        if _text(element, "deleted") not in {"", "0"}:
            losses[Loss.REMOVED] += 1
            return
        created, modified = _time(_text(element, "created")), _time(_text(element, "modified"))
        parent, author = _text(element, "parent"), _text(element, "userid")
        self._posts.append(
            PastPost(
                key=element.get("id", ""),
                parent=parent if parent not in {"", "0"} else None,
                author=author,
                at=created,
                edited_at=modified if created and modified and modified > created else None,
                text=_OWN_FILES.sub("", _text(element, "message")),
                is_html=_text(element, "messageformat") not in {_MARKDOWN, _PLAIN},
            )
        )

    def _discussion(self, element: Element) -> None:
        posts, self._posts = tuple(self._posts), []
        losses = self._past.losses
        if not posts:
            return
        starts, ends = _time(_text(element, "timestart")), _time(_text(element, "timeend"))
        now = clock.now()
        if (starts and starts > now) or (ends and ends < now):
            losses[Loss.TIMED] += len(posts)
            return
        group = _text(element, "groupid")
        name = "" if group in {"", "-1", "0"} else self._groups.get(group, "") or _("Group %(id)s", id=group)
        self._past.add(
            PastThread(
                key=element.get("id", ""),
                title=_text(element, "name"),
                posts=posts,
                part=self._name,
                group=name,
                pinned=_text(element, "pinned") == "1",
                locked=_text(element, "timelocked") not in {"", "0"},
            )
        )
        for key in {post.author for post in posts} - self._past.people.keys():
            self._past.people[key] = self._people.get(key) or PastPerson(key, "")
