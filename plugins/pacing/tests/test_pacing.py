"""What comes too fast or too often, what does not, and when it passes."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

import lmssocial_pacing
from lmssocial.plugin import (
    Moment,
    Need,
    RecentPost,
    ReplyTo,
    Ruling,
    Standing,
    Submission,
    Verdict,
)
from lmssocial.testing import ask, check_plugin
from lmssocial_pacing import manifest
from lmssocial_pacing.settings import Pacing, PacingForm

POST = Submission(
    kind="discussion.reply",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="I found the second chapter harder than the first.",
    text="I found the second chapter harder than the first.",
    tier="reviewed",
    standing=Standing(),
)
NEWCOMER = ReplyTo(author_id=2, author_role="learner", seconds_since=5, author_published=1)
ADVERT = "Struggling with assignments? Our experts finish them for you, write to https://essays.example today"
OPENINGS = (
    "Photosynthesis turns light into sugar.",
    "Has anybody seen last week's recording?",
    "The formula on page nine lacks a square.",
    "My group meets on Thursdays in the library.",
    "Which of the two readings comes first?",
    "Here is what our tutor said about citations.",
    "I disagree: the control group was far too small.",
)


def judged(post: Submission, settings: Pacing | None = None) -> Verdict | None:
    """What the policy makes of ``post``."""
    return ask(lmssocial_pacing, post, **vars(settings or Pacing()))


def recent(*posts: tuple[float, str], kind: str = "discussion.reply") -> Standing:
    """An author with these posts, so many seconds ago each."""
    found = (RecentPost(seconds_ago=ago, kind=kind, source=source) for ago, source in sorted(posts))
    return Standing(recent=tuple(found))


def after(*ago: float, post: Submission = POST) -> Submission:
    """``post`` by somebody who posted other things so many seconds ago."""
    return replace(post, standing=recent(*((one, f"{OPENINGS[n % 7]} {n}") for n, one in enumerate(ago))))


def simulated(posts: list[tuple[float, str]], settings: Pacing | None = None) -> list[float]:
    """Hand in ``posts`` at their seconds, one after the other; the seconds of those that were not held."""
    through = []
    for number, (at, source) in enumerate(posts):
        before = [(at - then, other) for then, other in posts[:number] if at - then < 3600][-30:]
        if judged(replace(POST, source=source, text=source, standing=recent(*before)), settings) is None:
            through.append(at)
    return through


def test_the_attack_of_two_hundred_posts_an_hour_ends_after_the_first_few() -> None:
    attack = [(n * 18.0, f"{OPENINGS[n % 7]} {n * 7919}, seen {n * 104729} times") for n in range(200)]
    through = simulated(attack, Pacing(repeats=0))

    assert len(through) == 10
    assert max(through) < 200


def test_the_attack_of_one_text_in_every_thread_ends_after_the_second() -> None:
    attack = [(n * 170.0, ADVERT) for n in range(21)]
    assert simulated(attack) == [0.0, 170.0]


@pytest.mark.parametrize(
    "variation",
    [
        "{advert} #{n}",
        "Hi user{n}! {advert}",
        "{upper} {n}{n}",
        "{spaced}{n}",
        "*{advert}* 🎉{n}",
        "{cyrillic}",
        "{accented}",
    ],
)
def test_the_attack_of_the_same_text_with_small_changes_ends_as_soon(variation: str) -> None:
    def text(n: int) -> str:
        return variation.format(
            n=n,
            advert=ADVERT,
            upper=ADVERT.upper(),
            spaced="\u200b".join(ADVERT),
            cyrillic=ADVERT if n % 2 else ADVERT.replace("assignments", "assignmеnts"),
            accented=ADVERT.replace("e", "é") if n % 2 else ADVERT,
        )

    assert len(simulated([(n * 170.0, text(n)) for n in range(21)])) == 2


def test_the_attack_of_instant_replies_to_new_threads_is_held_from_the_third() -> None:
    replies = [replace(after(*(n * 40.0 + 30 for n in range(done))), reply_to=NEWCOMER) for done in range(8)]
    verdicts = [judged(reply) for reply in replies]

    assert [verdict is None for verdict in verdicts] == [True, True] + [False] * 6
    assert all(verdict.reason == "instant-replies" for verdict in verdicts[2:] if verdict is not None)


def test_the_attack_of_a_mention_storm_is_held_with_the_names_marked() -> None:
    source = "@ana @ben, @carla.m; @dora @ＥＲＩＫ and @فاطمة come and see"
    verdict = judged(replace(POST, source=source))

    assert verdict is not None
    assert verdict.reason == "mention-storm"
    names = [source[span.start : span.end] for span in verdict.spans]
    assert names == ["@ana", "@ben", "@carla.m", "@dora", "@ＥＲＩＫ", "@فاطمة"]
    assert "no more than 5" in verdict.suggestion


def test_the_attack_of_naming_thousands_marks_a_few() -> None:
    """A verdict may have a thousand spans; one with more would be taken for a failure of the policy."""
    verdict = judged(replace(POST, source=" ".join(f"@p{n}" for n in range(5000))))

    assert verdict is not None
    assert len(verdict.spans) == 100
    assert "(5000)" in verdict.message


def test_an_attack_by_editing_what_was_held_changes_nothing() -> None:
    before = [(10.0 * n + 5, f"{OPENINGS[n % 7]} {n}") for n in range(10)]
    held = replace(POST, standing=recent(*((ago - 5, text) for ago, text in before)))
    assert judged(held) is not None

    edit = replace(
        POST,
        moment=Moment.EDIT,
        previous=POST.source,
        source="I found it harder.",
        standing=recent((5.0, POST.source), *((ago + 5, text) for ago, text in before)),
    )
    assert judged(edit) is not None
    hasty = replace(after(60, 70, 80), reply_to=NEWCOMER, moment=Moment.EDIT, previous=f"{OPENINGS[0]} 0")
    assert judged(replace(hasty, reply_to=replace(NEWCOMER, seconds_since=75))) is not None
    assert judged(replace(hasty, reply_to=replace(NEWCOMER, seconds_since=90))) is None


def test_mending_an_earlier_post_costs_nothing() -> None:
    posts = [(30.0 * n, f"{OPENINGS[n % 7]} {n}") for n in range(12)]
    mended = replace(POST, moment=Moment.EDIT, standing=recent(*posts))

    assert judged(replace(mended, previous=posts[9][1], source=posts[9][1] + "!")) is None
    assert judged(replace(mended, previous="From last week.", source="From last week!")) is None


def test_a_lively_hour_is_no_burst() -> None:
    assert judged(after(*(60.0 * n + 90 for n in range(20)))) is None
    assert judged(after(*(12.0 * n for n in range(9)))) is None


@pytest.mark.parametrize(
    ("oldest", "said"),
    [
        (361, "in 4 minutes."),
        (599, "in one minute."),
        (541, "in one minute."),
        (539, "in 2 minutes."),
        (9, "in 10 min"),
    ],
)
def test_who_posts_in_a_burst_reads_when_it_will_pass(oldest: float, said: str) -> None:
    verdict = judged(after(*(oldest * n / 9 for n in range(10))))

    assert verdict is not None
    assert (verdict.ruling, verdict.reason) == (Ruling.HOLD, "burst")
    assert said in verdict.suggestion
    assert "10 in 10 min" in verdict.message


def test_what_was_promised_is_kept() -> None:
    ago = [40.0 * n + 1 for n in range(10)]
    assert "in 4 minutes" in str(judged(after(*ago)))
    assert judged(after(*(one + 4 * 60 for one in ago))) is None

    copies = [(600.0, ADVERT), (1500.0, ADVERT)]
    verdict = judged(replace(POST, source=ADVERT, standing=recent(*copies)))
    assert verdict is not None
    assert "in 35 minutes" in verdict.suggestion
    later = recent(*((ago + 35 * 60, text) for ago, text in copies))
    assert judged(replace(POST, source=ADVERT, standing=later)) is None


def test_short_thanks_are_no_repetition_but_short_links_are() -> None:
    thanks = "Thank you, that helped me!"
    link = "Join https://chat.example/x"
    for text, held in ((thanks, False), (link, True)):
        post = replace(POST, source=text, standing=recent((60, text), (120, text), (180, text)))
        assert (judged(post) is not None) is held, text


def test_texts_about_the_same_thing_are_not_the_same_text() -> None:
    standing = recent(
        (60, "I found the first chapter easier than the second, because it has more examples."),
        (120, "For me the second chapter was fine, but I did not get through the third one."),
        (180, "Did anybody else find that the second chapter takes twice as long as it says?"),
    )
    assert judged(replace(POST, standing=standing)) is None


@pytest.mark.parametrize(
    "answered",
    [
        replace(NEWCOMER, seconds_since=20),
        replace(NEWCOMER, author_published=4),
        replace(NEWCOMER, author_role="instructor", author_published=0),
        replace(NEWCOMER, author_id=1),
        None,
    ],
)
def test_answers_that_took_time_or_go_to_regulars_are_not_instant(answered: ReplyTo | None) -> None:
    assert judged(replace(after(10, 20, 30, 40), reply_to=NEWCOMER)) is not None
    assert judged(replace(after(10, 20, 30, 40), reply_to=answered)) is None


def test_replies_of_long_ago_and_threads_do_not_make_a_reply_instant() -> None:
    assert judged(replace(after(700, 800, 900), reply_to=NEWCOMER)) is None
    threads = recent(*((10.0 * n, f"{OPENINGS[n]} {n}") for n in range(4)), kind="discussion.thread")
    assert judged(replace(POST, standing=threads, reply_to=NEWCOMER)) is None


@pytest.mark.parametrize(
    "source",
    [
        "@ana @ben @carla @dora @erik",
        "@ana " * 40,
        "a@x.example b@x.example c@x.example d@x.example e@x.example f@x.example",
        "https://v.example/@a https://v.example/@b https://v.example/@c https://v.example/@d https://v.example/@e",
        "```python\n@a\n@b\n@c\n@d\n@e\n@f\n```",
        "~~~\n@a @b @c @d @e @f",
        "Use `@a`, `@b`, `@c`, `@d`, `@e` and `@f`.",
        "@ @ @ @ @ @ @ @ @",
    ],
)
def test_few_names_addresses_and_code_are_no_storm(source: str) -> None:
    assert judged(replace(POST, source=source)) is None


@pytest.mark.parametrize(
    "source",
    [
        "```\n```\n@a @b @c @d @e @f",
        "``` `\n@a @b @c @d @e @f",
        r"\` @a @b @c @d @e @f \`",
        "` @a @b @c\n@d @e @f @g @h @i`",
        "~~~\n```\n~~~\n@a @b @c @d @e @f",
    ],
)
def test_an_attack_that_pretends_its_names_are_code_is_held(source: str) -> None:
    assert judged(replace(POST, source=source)) is not None


def test_everything_that_is_wrong_is_said_at_once() -> None:
    storm = ADVERT + " @a @b @c @d @e @f"
    post = replace(POST, source=storm, standing=recent(*((5.0 * n, storm) for n in range(10))))
    verdict = judged(post)

    assert verdict is not None
    assert verdict.reason == "burst"
    assert verdict.message.count("A moderator reads") + verdict.message.count("a moderator reads") == 3
    assert len(verdict.spans) == 6


@pytest.mark.parametrize("role", ["instructor", "teaching_assistant", "administrator"])
def test_the_staff_may_be_as_fast_as_it_likes(role: str) -> None:
    fast = replace(after(*range(30)), author_role=role)
    assert judged(fast) is None
    assert judged(fast, Pacing(trusted_roles=())) is not None


@pytest.mark.parametrize("office", ["steward", "sme"])
def test_so_may_stewards_and_experts(office: str) -> None:
    assert judged(replace(after(*range(30)), author_offices=frozenset({office}))) is None


def test_each_of_the_four_can_be_switched_off() -> None:
    storm = ADVERT + " @a @b @c @d @e @f"
    standing = recent(*((5.0 * n, storm) for n in range(10)))
    post = replace(POST, source=storm, standing=standing, reply_to=NEWCOMER)
    off = Pacing(burst_posts=0, repeats=0, instant_seconds=0, mentions=0)

    assert judged(post, off) is None
    each: dict[str, Any] = {"burst_posts": 10, "repeats": 2, "instant_seconds": 20, "mentions": 5}
    reasons = {
        name: str(getattr(judged(post, replace(off, **{name: value})), "reason", None))
        for name, value in each.items()
    }
    assert reasons == {
        "burst_posts": "burst",
        "repeats": "repeated",
        "instant_seconds": "instant-replies",
        "mentions": "mention-storm",
    }


def test_without_knowing_the_author_only_the_names_count() -> None:
    assert judged(replace(POST, standing=None)) is None
    assert judged(replace(POST, standing=None, source="@a @b @c @d @e @f")) is not None


@pytest.mark.parametrize("unit", ["a", "`", "@", "@a ", "~~~\n", "```\n", "é", "\u200b", "word "])
def test_thirty_posts_of_a_hundred_thousand_characters_are_judged(unit: str) -> None:
    long = unit * (100_000 // len(unit))
    judged(replace(POST, source=long, standing=recent(*((n, f"{n}{long}") for n in range(30)))))


def test_the_rule_it_rests_on_is_quoted() -> None:
    verdict = judged(after(*range(30)), Pacing(rule="We give each other time to answer."))
    assert verdict is not None
    assert verdict.rule == "We give each other time to answer."


def test_the_plugin_is_sound_and_asks_for_no_more_than_it_needs() -> None:
    assert manifest.name == "pacing"
    assert check_plugin(lmssocial_pacing) == []
    assert manifest.needs == {Need.STANDING}


def sent(**values: object) -> PacingForm:
    """The form as a browser sends it, with its defaults but for ``values``."""
    given = {**vars(Pacing()), **values}
    pairs = [
        (name, str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    return PacingForm(MultiDict(pairs), meta={"csrf": False})


def test_its_form_takes_its_defaults_and_refuses_what_makes_no_sense() -> None:
    form = sent()
    assert form.validate(), form.errors
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in form.data.items()
    }
    assert Pacing(**read) == Pacing()
    for wrong in (
        {"burst_posts": 30},
        {"burst_minutes": 0},
        {"repeats": -1},
        {"likeness": 101},
        {"instant_replies": "many"},
        {"instant_seconds": 301},
        {"newcomer_posts": 0},
        {"mentions": 101},
        {"rule": "x" * 301},
    ):
        assert not sent(**wrong).validate(), wrong


@pytest.mark.parametrize(("locale", "said"), [("de_AT", "in 4 Minuten"), ("ar", "بعد 4 من الدقائق")])
def test_authors_read_in_their_language_when_it_will_pass(locale: str, said: str) -> None:
    verdict = ask(lmssocial_pacing, after(*(361 * n / 9 for n in range(10))), locale=locale)

    assert verdict is not None
    assert said in verdict.suggestion
