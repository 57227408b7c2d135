"""Files of other systems for tests, written here after their documented structure; nothing in them is anybody's."""

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

NOTHING = "$@NULL@$"


@dataclass
class MoodlePost:
    """A row of ``forum_posts``."""

    id: int
    parent: int = 0
    user: int = 2
    message: str = "<p>Words</p>"
    created: int = 1_600_000_000
    modified: int = 0
    private_to: int = 0
    deleted: int = 0
    format: int = 1
    ratings: int = 0

    def xml(self) -> str:
        """As a backup writes it."""
        given = "".join(f'<rating id="{n}"><value>3</value></rating>' for n in range(self.ratings))
        return (
            f'<post id="{self.id}"><parent>{self.parent}</parent><userid>{self.user}</userid>'
            f"<created>{self.created}</created><modified>{self.modified or self.created}</modified>"
            f"<mailed>1</mailed><subject>Re</subject><message>{escape(self.message)}</message>"
            f"<messageformat>{self.format}</messageformat><attachment></attachment><deleted>{self.deleted}</deleted>"
            f"<privatereplyto>{self.private_to}</privatereplyto><ratings>{given}</ratings></post>"
        )


@dataclass
class MoodleDiscussion:
    """A row of ``forum_discussions``."""

    id: int
    name: str
    posts: Sequence[MoodlePost]
    group: int = -1
    starts: int = 0
    ends: int = 0
    pinned: int = 0
    locked: int = 0

    def xml(self) -> str:
        """As a backup writes it."""
        return (
            f'<discussion id="{self.id}"><name>{escape(self.name)}</name><firstpost>{self.posts[0].id}</firstpost>'
            f"<userid>2</userid><groupid>{self.group}</groupid><timestart>{self.starts}</timestart>"
            f"<timeend>{self.ends}</timeend><pinned>{self.pinned}</pinned><timelocked>{self.locked}</timelocked>"
            f"<posts>{''.join(post.xml() for post in self.posts)}</posts></discussion>"
        )


@dataclass
class Moodle:
    """A backup with some forums in it."""

    forums: Mapping[str, Sequence[MoodleDiscussion]]
    people: Mapping[int, tuple[str, str, str]] = field(
        default_factory=lambda: {2: ("Ana", "Ruiz", "ana@school.example"), 3: ("Old", "Hand", "")}
    )
    groups: Mapping[int, str] = field(default_factory=dict)
    files: int = 0
    """How many files are attached to posts."""

    def parts(self) -> dict[str, bytes]:
        """Its files by their paths."""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        users = "".join(
            f'<user id="{key}" contextid="9"><username>u{key}</username><email>{escape(email) or NOTHING}</email>'
            f"<firstname>{escape(first)}</firstname><lastname>{escape(last)}</lastname></user>"
            for key, (first, last, email) in self.people.items()
        )
        groups = "".join(
            f'<group id="{key}"><name>{escape(name)}</name></group>' for key, name in self.groups.items()
        )
        files = "".join(
            f'<file id="{n}"><component>mod_forum</component><filearea>attachment</filearea>'
            f"<filename>{name}</filename></file>"
            for n in range(self.files)
            for name in (".", f"f{n}.pdf")
        )
        parts = {
            "moodle_backup.xml": f"{head}<moodle_backup><information/></moodle_backup>",
            "users.xml": f"{head}<users>{users}</users>",
            "groups.xml": f"{head}<groups>{groups}</groups>",
            "files.xml": f"{head}<files>{files}</files>",
        }
        for number, (name, discussions) in enumerate(self.forums.items(), start=1):
            inside = "".join(one.xml() for one in discussions)
            parts[f"activities/forum_{number}/forum.xml"] = (
                f'{head}<activity id="{number}" moduleid="{number}" modulename="forum" contextid="7">'
                f'<forum id="{number}"><type>general</type><name>{escape(name)}</name><intro></intro>'
                f"<discussions>{inside}</discussions>"
                f'<subscriptions><subscription id="1"><userid>2</userid></subscription></subscriptions>'
                f"</forum></activity>"
            )
        return {path: text.encode() for path, text in parts.items()}

    def mbz(self) -> bytes:
        """As Moodle writes it by default: a tar in gzip."""
        return packed(self.parts())

    def zip(self) -> bytes:
        """As older versions wrote it."""
        return zipped(self.parts())


def packed(parts: Mapping[str, bytes], *, compress: bool = True) -> bytes:
    """A tar, in gzip unless told otherwise; the same bytes whenever it is made."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, data in parts.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(out.getvalue(), mtime=0) if compress else out.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in parts.items():
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def topic(number: int, title: str, posts: Iterable[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A topic as Discourse gives it; posts are numbered in their order."""
    stream = [
        {
            "id": number * 1000 + n,
            "post_number": n,
            "post_type": 1,
            "username": "old_hand",
            "name": "Old Hand",
            "user_id": 7,
            "created_at": f"2021-03-0{min(n, 9)}T10:00:00.000Z",
            "updated_at": f"2021-03-0{min(n, 9)}T10:00:00.000Z",
            "version": 1,
            "cooked": "<p>Words</p>",
            "reply_to_post_number": None,
            **post,
        }
        for n, post in enumerate(posts, start=1)
    ]
    return {"id": number, "title": title, "archetype": "regular", "post_stream": {"posts": stream}, **more}


def as_json(found: Any) -> bytes:
    """As a file."""
    return json.dumps(found).encode()


def table(*rows: Mapping[str, str], divided: str = ",", encoding: str = "utf-8") -> bytes:
    """A table in CSV; the first row says which columns there are."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=divided)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
