"""What stands in files of other systems, also when they are damaged, hostile or odd."""

import gzip
import io
import tarfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lmssocial.core.kernel import clock
from lmssocial.widgets.discussion.importing.arranging import Arrangement, arrange
from lmssocial.widgets.discussion.importing.past import Loss, Past, PastPost, PastThread, Source, Unreadable
from lmssocial.widgets.discussion.importing.readers import archives, read
from tests.support.past import Moodle, MoodleDiscussion, MoodlePost, as_json, packed, table, topic, zipped

LINE = {
    "thread": "1",
    "id": "a",
    "parent": "",
    "author": "Ana Ruiz",
    "date": "2020-05-01 10:00",
    "text": "Hi",
}


def understood(data: bytes, **groups: int) -> Arrangement:
    """A file in our order."""
    return arrange(
        read(io.BytesIO(data)), {name.replace("_", " "): number for name, number in groups.items()}
    )


def sources(arrangement: Arrangement, thread: int = 0) -> list[tuple[int, str]]:
    """Depth and Markdown of each post of a thread."""
    return [(post.depth, post.source) for post in arrangement.threads[thread].posts]


def refused(data: bytes) -> str:
    """What the person reads whose file cannot be understood."""
    with pytest.raises(Unreadable) as caught:
        read(io.BytesIO(data))
    return caught.value.message


def small() -> Moodle:
    """A forum with one discussion of three posts."""
    posts = [
        MoodlePost(11, message="<p>What <strong>worked</strong>?</p>"),
        MoodlePost(13, parent=12, user=2, message="Thanks", created=1_600_000_200),
        MoodlePost(12, parent=11, user=3, message="<ul><li>This</li></ul>", created=1_600_000_100),
    ]
    return Moodle({"News & views": [MoodleDiscussion(5, "First <steps>", posts)]})


@pytest.mark.parametrize("as_file", [Moodle.mbz, Moodle.zip])
def test_a_backup_of_moodle_is_understood_in_both_wrappings(as_file: Callable[[Moodle], bytes]) -> None:
    arrangement = understood(as_file(small()))
    assert arrangement.source is Source.MOODLE
    (thread,) = arrangement.threads
    assert (thread.title, thread.part) == ("First <steps>", "News & views")
    assert sources(arrangement) == [(0, "What **worked**?"), (1, "- This"), (2, "Thanks")]
    assert [post.path for post in thread.posts] == ["000001", "000002", "000002000003"]
    assert thread.posts[0].at == datetime.fromtimestamp(1_600_000_000, UTC)
    assert [(one.name, one.email) for one in arrangement.people] == [
        ("Ana Ruiz", "ana@school.example"),
        ("Old Hand", ""),
    ]


def test_what_was_not_for_everybody_stays_behind_and_is_counted() -> None:
    now = int(clock.now().timestamp())
    day = 86_400
    posts = [
        MoodlePost(1, message="open"),
        MoodlePost(2, parent=1, message="secret", private_to=1),
        MoodlePost(3, parent=1, message="gone", deleted=1),
        MoodlePost(4, parent=3, message="answer to what is gone"),
    ]
    forum = [
        MoodleDiscussion(1, "Open", posts),
        MoodleDiscussion(2, "Of a group", [MoodlePost(21, message="group words")], group=4),
        MoodleDiscussion(3, "Tomorrow", [MoodlePost(31, message="future words")], starts=now + day),
        MoodleDiscussion(4, "Over", [MoodlePost(41, message="past words")], ends=now - day),
    ]
    backup = Moodle({"F": forum}, groups={4: "Red team"}, files=3).mbz()
    arrangement = understood(backup)
    words = " ".join(source for n in range(len(arrangement.threads)) for _, source in sources(arrangement, n))
    assert words == "open answer to what is gone"
    assert arrangement.missing_groups == ("Red team",)
    assert {loss: arrangement.losses[loss] for loss in Loss if arrangement.losses[loss]} == {
        Loss.FILES: 3,
        Loss.PRIVATE: 1,
        Loss.REMOVED: 1,
        Loss.GROUPS: 1,
        Loss.TIMED: 2,
        Loss.ORPHANS: 1,
        Loss.MARKS: 1,
    }
    here = understood(backup, red_team=9)
    assert [thread.group_id for thread in here.threads] == [None, 9]


def test_ratings_and_pictures_are_counted_and_pinned_and_locked_stay() -> None:
    message = (
        '<p>See <img src="@@PLUGINFILE@@/x.png" alt="a graph"> <iframe src="https://v.example"></iframe></p>'
    )
    forum = [MoodleDiscussion(1, "T", [MoodlePost(1, message=message, ratings=2)], pinned=1, locked=5)]
    arrangement = understood(Moodle({"F": forum}).mbz())
    assert sources(arrangement) == [(0, "See *a graph*")]
    assert (arrangement.threads[0].pinned, arrangement.threads[0].locked) == (True, True)
    losses = arrangement.losses
    assert (losses[Loss.RATINGS], losses[Loss.PICTURES], losses[Loss.EMBEDDED]) == (2, 1, 1)


def test_a_backup_without_people_says_what_to_do() -> None:
    assert "Include enrolled users" in refused(Moodle({"F": []}).mbz())
    assert "no forum" in refused(Moodle({}).mbz())


def test_topics_of_discourse_come_with_raw_text_or_html_and_their_solution() -> None:
    posts: list[dict[str, Any]] = [
        {"raw": "What *worked*?", "name": "Ana Ruiz", "username": "ana", "user_id": 1, "like_ids": []},
        {"cooked": "<p>This <em>did</em></p>", "actions_summary": [{"id": 2, "count": 4}]},
        {"raw": "Indeed", "reply_to_post_number": 2},
        {"post_type": 3, "raw": "closed this"},
        {"post_type": 4, "raw": "whisper"},
        {"hidden": True, "raw": "spam"},
    ]
    found = topic(1, "Prices", posts, accepted_answer={"post_number": 2}, closed=True)
    message = topic(2, "Between us", [{"raw": "secret"}], archetype="private_message")
    for data in (as_json([found, message]), zipped({"1.json": as_json(found), "2.json": as_json(message)})):
        arrangement = understood(data)
        assert sources(arrangement) == [(0, "What *worked*?"), (1, "This *did*"), (2, "Indeed")]
        (thread,) = arrangement.threads
        assert (thread.title, thread.solved, thread.locked) == ("Prices", 1, True)
        losses = arrangement.losses
        kept_back = (Loss.LIKES, Loss.NOTES, Loss.REMOVED, Loss.PRIVATE)
        assert [losses[one] for one in kept_back] == [4, 2, 1, 1]


@pytest.mark.parametrize("divided", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_understood_as_spreadsheets_write_it(divided: str, encoding: str) -> None:
    rows = [
        {**LINE, "title": "Größe, und mehr", "format": ""},
        {**LINE, "id": "b", "parent": "a", "text": "<b>x</b>", "format": "HTML", "title": ""},
        {**LINE, "id": "c", "parent": "b", "text": "'=1+1", "format": "markdown", "title": ""},
    ]
    arrangement = understood(table(*rows, divided=divided, encoding=encoding))
    assert arrangement.threads[0].title == "Größe, und mehr"
    assert sources(arrangement) == [(0, "Hi"), (1, "**x**"), (2, "=1+1")]


def test_mistakes_in_a_table_are_named_with_their_line() -> None:
    assert "date" in refused(table({"thread": "1", "id": "1", "author": "A", "text": "x"}))
    assert "line 3" in refused(table(LINE, {**LINE, "id": "b", "date": "next Tuesday"}))
    assert "Line 2" in refused(table({**LINE, "id": " "}))
    assert "line 2" in refused(table({**LINE, "format": "rtf"}))
    assert "no line below" in refused(table(LINE).splitlines(keepends=True)[0])
    assert "not in UTF-8" in refused(table({**LINE, "text": "Größe"}, encoding="latin-1"))
    assert "quotation mark" in refused(table(LINE) + b'1,b,,"A,2020-01-01,never closed')


def test_an_archive_that_is_cut_off_is_refused_wherever_it_ends() -> None:
    whole = Moodle({"F": [MoodleDiscussion(1, "T", [MoodlePost(n, parent=1) for n in range(1, 400)])]}).mbz()
    for share in (0.2, 0.5, 0.9):
        assert "damaged" in refused(whole[: int(len(whole) * share)])
    zipped_whole = small().zip()
    assert "damaged" in refused(zipped_whole[: len(zipped_whole) // 2])
    assert "damaged" in refused(gzip.compress(b"no tar at all" * 1000))


def test_an_archive_that_unpacks_without_end_is_stopped_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_000_000)
    monkeypatch.setattr(archives, "MOST_PASSED", 2_000_000)
    wanted = {"moodle_backup.xml": b"<a/>", "users.xml": b" " * 30_000_000}
    beside = {"moodle_backup.xml": b"<a/>", "video.mp4": b"\0" * 300_000_000}
    for data in (packed(wanted), zipped(wanted), packed(beside)):
        assert len(data) < 400_000
        begun = time.perf_counter()
        assert "more than can be brought in" in refused(data)
        assert time.perf_counter() - begun < 1


def test_paths_that_leave_the_archive_are_nothing_to_us() -> None:
    parts = small().parts()
    evil = {"../../moodle_backup.xml": b"x", "/etc/users.xml": b"x", "activities/forum_1/../forum.xml": b"x"}
    arrangement = understood(packed(evil | parts))
    assert len(arrangement.threads) == 1
    link = io.BytesIO()
    with tarfile.open(fileobj=link, mode="w:gz") as tar:
        entry = tarfile.TarInfo("moodle_backup.xml")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    assert "neither a Moodle backup" in refused(link.getvalue())


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><users>&m;</users>',
        '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><users>&f;</users>',
        "<users><user id='2'></users>",
        "<users>" + "<a>" * 5000,
        "not xml",
        "",
    ],
)
def test_xml_that_attacks_or_is_none_is_refused(xml: str) -> None:
    message = refused(packed(small().parts() | {"users.xml": xml.encode()}))
    assert "not what Moodle writes" in message


def test_bytes_that_are_not_the_encoding_they_claim_are_refused() -> None:
    broken = small().parts()["users.xml"].replace(b"Ana", b"\xff\xfe")
    assert "damaged" in refused(packed(small().parts() | {"users.xml": broken}))
    assert "UTF-8" in refused(b'{"topics": [\xff]}')
    assert "UTF-8" in refused(b"[" * 100_000)


def past(*posts: PastPost) -> Past:
    """One thread."""
    found = Past(Source.CSV)
    found.add(PastThread(key="1", title="T", posts=posts))
    return found


def post(key: str, parent: str | None = None, at: datetime | None = None) -> PastPost:
    """A post of no consequence."""
    return PastPost(key=key, parent=parent, author="a", at=at or datetime(2020, 1, 1, tzinfo=UTC), text=key)


def test_circles_are_opened_and_every_post_comes_in_once() -> None:
    arrangement = arrange(past(post("a"), post("b", "d"), post("c", "b"), post("d", "c"), post("e", "e")), {})
    assert sorted(sources(arrangement)) == [(0, "a"), (1, "b"), (1, "e"), (2, "c"), (3, "d")]
    assert arrangement.losses[Loss.CIRCLES] == 2


def test_a_thread_that_is_one_circle_begins_with_its_first_post() -> None:
    arrangement = arrange(past(post("a", "b"), post("b", "a")), {})
    assert sources(arrangement) == [(0, "a"), (1, "b")]


def test_answers_ten_thousand_deep_keep_their_depth() -> None:
    posts = [post("0"), *(post(str(n), str(n - 1)) for n in range(1, 10_000))]
    arrangement = arrange(past(*reversed(posts)), {})
    (thread,) = arrangement.threads
    assert thread.posts[-1].depth == 9_999
    assert len({one.path for one in thread.posts}) == 10_000
    assert max(len(one.path) for one in thread.posts) == 600
    assert [one.path for one in thread.posts] == sorted(one.path for one in thread.posts)


def test_posts_that_stand_before_what_they_answer_come_behind_it() -> None:
    late = datetime(2021, 1, 1, tzinfo=UTC)
    arrangement = arrange(past(post("answer", "first"), post("first", at=late)), {})
    assert sources(arrangement) == [(0, "first"), (1, "answer")]


def test_keys_that_come_twice_count_once_also_across_threads() -> None:
    found = past(post("a"), post("a"), post("b", "a"))
    found.add(PastThread(key="2", title="U", posts=(post("b"), post("c"))))
    arrangement = arrange(found, {})
    assert [len(thread.posts) for thread in arrangement.threads] == [2, 1]
    assert arrangement.losses[Loss.DUPLICATES] == 2


def test_dates_of_the_future_and_of_no_time_become_believable() -> None:
    future = clock.now() + timedelta(days=400)
    found = past(post("a"), post("b", "a", future), post("c", "a", datetime(1970, 1, 1, tzinfo=UTC)))
    arrangement = arrange(found, {})
    assert all(one.at <= clock.now() for one in arrangement.threads[0].posts)
    assert {one.at.year for one in arrangement.threads[0].posts if one.source == "c"} == {2020}
    assert (arrangement.losses[Loss.FUTURE], arrangement.losses[Loss.UNDATED]) == (1, 1)


def test_titles_that_are_missing_or_too_long_are_made_fitting() -> None:
    found = Past(Source.CSV)
    found.add(PastThread(key="1", title=" ", posts=(post("The first words"),)))
    found.add(PastThread(key="2", title="long " * 100, posts=(post("x"),)))
    arrangement = arrange(found, {})
    assert arrangement.threads[0].title == "The first words"
    assert len(arrangement.threads[1].title) <= 200
    assert arrangement.losses[Loss.TITLES] == 2


def test_a_file_of_fifty_megabytes_is_read_in_bounded_time() -> None:
    words = "<p>" + "Words that people wrote. " * 80 + "</p>"
    posts = [MoodlePost(n, parent=1 if n > 1 else 0, message=words) for n in range(1, 25_001)]
    parts = Moodle({"F": [MoodleDiscussion(1, "T", posts)]}).parts()
    assert sum(len(data) for data in parts.values()) > 50_000_000
    begun = time.perf_counter()
    found = read(io.BytesIO(packed(parts, compress=False)))
    assert found.post_count == 25_000
    assert time.perf_counter() - begun < 20


def test_a_zip_with_a_password_is_refused() -> None:
    data = bytearray(small().zip())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        for entry in archive.infolist():
            data[entry.header_offset + 6] |= 1
    start = bytes(data).index(b"PK\x01\x02")
    while start >= 0:
        data[start + 8] |= 1
        start = bytes(data).find(b"PK\x01\x02", start + 4)
    assert "damaged" in refused(bytes(data))
