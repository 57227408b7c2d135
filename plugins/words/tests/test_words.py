"""Which words are found, which are left alone, and what the author is told."""

import inspect
import re
import time
from dataclasses import fields
from pathlib import Path

import pytest
import snowballstemmer
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from werkzeug.datastructures import MultiDict

import lmssocial_words
from lmssocial.plugin import HOOK_API, Moment, Ruling, Submission, Verdict
from lmssocial_words import (
    entries,
    finding,
    index,
    lmssocial_screen_submission,
    lookalikes,
    manifest,
    reading,
    settings,
)
from lmssocial_words.entries import Action, Fault, How, WrongLineError, read, read_line
from lmssocial_words.settings import Words, WordsForm


def submission(
    source: str,
    *,
    title: str = "",
    role: str = "learner",
    moment: Moment = Moment.CREATE,
    rules: tuple[str, ...] = (),
) -> Submission:
    """A post with this text."""
    return Submission(
        kind="discussion.reply",
        tenant_id=1,
        community_id=1,
        author_id=1,
        author_role=role,
        title=title,
        source=source,
        text=source,
        moment=moment,
        ground_rules=rules,
    )


def judged(post: Submission | str, *lines: str, **more: object) -> Verdict | None:
    """What the policy with a list of ``lines`` makes of ``post``."""
    of = submission(post) if isinstance(post, str) else post
    verdict: Verdict | None = lmssocial_screen_submission(of, Words(entries=lines, **more))  # type: ignore[arg-type]
    return verdict


def marked(source: str, *lines: str, **more: object) -> list[str]:
    """The places of ``source`` that the verdict points at."""
    verdict = judged(source, *lines, **more)
    return [] if verdict is None else [source[span.start : span.end] for span in verdict.spans]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Scunthorpe and Penistone, classic assessment of an assassin", "ass"),
        ("Scunthorpe and Penistone, classic assessment of an assassin", "ass*"),
        ("The class passes its assignment to the bass player", "ass*"),
        ("Grape juice and therapists from Essex", "rape*"),
        ("Dickens wrote it on the dickey", "dick*"),
        ("A cockpit, a peacock and shuttlecocks", "cock*"),
        ("Heute ist es schwül", "schwul*"),
        ("Bitte, der Assistent hilft", "ass*"),
        ("مكلبة", "كلب"),
        ("shut the door, then go up", "shut up"),
        ("shut\n\nup", "shut up"),
        ("the bail was set", "ball"),
        ("options a, s and then s", "ass"),
        ("the U.S.A. and a.s.s.e.t.s", "ass"),
        ("100 2455 4 8", "as"),
        ("badge, embedded", "bad"),
        ("a link to [somewhere](/bad)", "bad"),
        ("anybody@badminton.example", "bad"),
        ("это сор и мусор", "cop"),
        ("AT&amp;T", "amp"),
        ("one&nbsp;two", "nbsp"),
        ("bad™idea", "badtm"),
    ],
)
def test_words_that_only_look_like_it_are_left_alone(text: str, line: str) -> None:
    assert judged(text, line) is None


@pytest.mark.parametrize(
    "disguise",
    [
        "NumbSkull",
        "ｎｕｍｂｓｋｕｌｌ",  # full width
        "ⓝⓤⓜⓑⓢⓚⓤⓛⓛ",
        "🅽🆄🅼🅱🆂🅺🆄🅻🅻",
        "𝖓𝖚𝖒𝖇𝖘𝖐𝖚𝖑𝖑",
        "numb\u200bskull",  # zero-width space
        "n\u200cu\u200dm\u2060b\ufeffskull",
        "numb\u00adskull",  # soft hyphen
        "nu\u202emb\u202cskull",  # bidirectional controls
        "n\u0336u\u0336m\u0336b\u0336skull",  # struck through by hand
        "n\u0301\u0302\u0303\u0304umbskull",
        "numbѕkull",  # Cyrillic s
        "NUΜBSKULL",  # Greek capital My
        "numb5kull",
        "numb$kull",
        "numbsku11",
        "numbsku!l",
        "xX numbskull1337",
        "numbskuuuuuull",
        "n u m b s k u l l",
        "n.u.m.b.s.k.u.l.l",
        "n - u - m - b - s - k - u - l - l",
        "n\\_u\\_m\\_b\\_s\\_k\\_u\\_l\\_l",
        "n\nu\nm\nb\ns\nk\nu\nl\nl",
        "numb**skull**",
        "**numb**skull",
        "n*u*mb~~skull~~",
        "[numb](/x)skull",
        "numb[sku](https://a.example/)ll",
        "numb`skull`",
        "numb&#115;kull",
        "numb&#x73;kull",
        "numb&shy;skull",
        "&nbsp;numbskull&nbsp;",
        "_numbskull_",
        "numbskull's",
        "#numbskull",
        "(numbskull)",
        "numbskull*you",
        "https://a.example/numbskull",
    ],
)
def test_no_disguise_helps(disguise: str) -> None:
    source = f"What about {disguise}, then?"
    verdict = judged(source, "numbskull")

    assert verdict is not None
    (span,) = verdict.spans
    assert source[span.start : span.end] in disguise
    assert re.match("[Nnｎⓝ🅽𝖓]", source[span.start])
    assert re.match("[lLｌⓛ🅻𝖑17]", source[span.end - 1])


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("Idiots and idiotic things, an idiot's work", "idiot*", ["Idiots", "idiotic", "idiot"]),
        ("Idioten, idiotisch, des Idioten", "idiot*", ["Idioten", "idiotisch", "Idioten"]),
        ("Ärsche, ein Arsch", "arsch*", ["Ärsche", "Arsch"]),
        ("running, runs; a brunch", "run*", ["running", "runs"]),
        ("الكلب وكلبهم والكلب كَلْب كـلـب مكلبة", "كلب*", ["الكلب", "وكلبهم", "والكلب", "كَلْب", "كـلـب"]),
        (
            "Kursschrottplatz, Elektroschrott, Schrott; ein Schott",
            "*schrott*",
            ["Kursschrottplatz", "Elektroschrott", "Schrott"],
        ),
        ("Kursschrottplatz, Elektroschrott, Schrott", "*schrott", ["Elektroschrott", "Schrott"]),
        ("STRASSE und Straße", "straße", ["STRASSE", "Straße"]),
        ("cafe\u0301 and café, not cafe", "café", ["cafe\u0301", "café"]),
        ("बुरा आदमी, बुरी", "बुरा", ["बुरा"]),
        ("ΜΆΓΟΣ μάγος", "μάγος", ["ΜΆΓΟΣ", "μάγος"]),
        (
            "shut up, Shut  UP, shut\nup, shut **up**, shut-up",
            "shut up",
            ["shut up", "Shut  UP", "shut\nup", "shut **up", "shut-up"],
        ),
        ("two pieces of rubbish", "piece* of rubbish", ["pieces of rubbish"]),
        ("a know all, a know-all", "know-all", ["know all", "know-all"]),
        ("это сop", "сор", ["сop"]),
        ("you сор", "cop", ["сор"]),
        ("s h u t u p", "shut up", ["s h u t u p"]),
        ("such a n o g o o d", "nogood", ["a n o g o o d"]),
        ("i d i o t s", "idiot*", ["i d i o t s"]),
    ],
)
def test_words_are_found_where_they_stand(text: str, line: str, found: list[str]) -> None:
    assert marked(text, line, languages=("english", "german", "arabic")) == found


def test_only_the_languages_chosen_inflect() -> None:
    assert marked("Idioten", "idiot*", languages=("english",)) == []
    assert marked("Idioten", "idiot*", languages=("german",)) == ["Idioten"]
    assert marked("idiot", "idiot*", languages=("klingon",)) == ["idiot"]


def test_digits_and_signs_are_letters_only_if_that_is_set() -> None:
    assert marked("an 1d10t", "idiot") == ["1d10t"]
    assert marked("an 1d10t", "idiot", leet=False) == []
    assert marked("w1ll be b1ll", "bill") == ["b1ll"]


@pytest.mark.parametrize(
    ("line", "ruling"),
    [
        ("numbskull", Ruling.HOLD),
        ("numbskull = hold", Ruling.HOLD),
        ("numbskull =advise", Ruling.ANNOTATE),
        ("numbskull=Redact  # since May", Ruling.REDACT),
    ],
)
def test_an_entry_says_what_happens_or_the_policy_does(line: str, ruling: Ruling) -> None:
    verdict = judged("You numbskull", line)
    assert verdict is not None
    assert verdict.ruling is ruling


def test_the_default_is_a_setting_and_an_unknown_one_holds() -> None:
    for action, ruling in (("advise", Ruling.ANNOTATE), ("redact", Ruling.REDACT), ("eat", Ruling.HOLD)):
        verdict = judged("You numbskull", "numbskull", action=action)
        assert verdict is not None
        assert verdict.ruling is ruling


def test_the_strictest_entry_wins_and_nothing_is_covered_that_only_asks_for_advice() -> None:
    lines = ("silly = advise", "numbskull = redact", "wretch = hold")
    assert marked("silly numbskull", *lines) == ["numbskull"]
    assert marked("silly numbskull, wretch", *lines) == ["silly", "numbskull", "wretch"]
    assert marked("silly", *lines) == ["silly"]


def test_a_title_counts_and_is_held_where_a_text_would_be_covered() -> None:
    verdict = judged(submission("Hello", title="Numbskulls"), "numbskull* = redact")

    assert verdict is not None
    assert verdict.ruling is Ruling.HOLD
    assert verdict.spans == ()
    assert "title" in verdict.message
    advice = judged(submission("Hello", title="Numbskulls"), "numbskull* = advise")
    assert advice is not None
    assert advice.ruling is Ruling.ANNOTATE


def test_the_author_reads_which_words_and_what_would_pass() -> None:
    verdict = judged("You numbskull, you wretch, numbskull", "numbskull", "wretch")

    assert verdict is not None
    assert verdict.message == "This post has words that are not wanted here: “numbskull”, “wretch”."
    assert verdict.suggestion == "Say it without “numbskull”, “wretch”."
    assert (verdict.reason, verdict.confidence) == ("unwanted-words", 1.0)


def test_a_long_list_of_finds_is_not_read_out() -> None:
    verdict = judged("one two three four five", "one", "two", "three", "four", "five")

    assert verdict is not None
    assert verdict.message.count("“") == 3
    assert len(verdict.spans) == 5


def test_a_flood_of_finds_is_still_a_verdict_and_nothing_stays_uncovered() -> None:
    source = "numbskull! " * 3000
    verdict = judged(source, "numbskull = redact")

    assert verdict is not None
    assert len(verdict.spans) == 500
    left = "".join(
        source[one.end : other.start] for one, other in zip(verdict.spans, verdict.spans[1:], strict=False)
    )
    assert "numbskull" not in left + source[: verdict.spans[0].start] + source[verdict.spans[-1].end :]


def test_a_word_without_end_is_not_repeated_in_full() -> None:
    verdict = judged(f"x{'schrott' * 2000}", "*schrott*")

    assert verdict is not None
    assert len(verdict.message) < 200


def test_overlapping_entries_make_one_mark() -> None:
    assert marked("oh shut up now", "shut up", "up now", "shut") == ["shut up now"]


def test_a_disguise_is_named_as_one() -> None:
    verdict = judged("You nummbskull, numb\u200bskull", "numbskull")
    assert verdict is not None
    assert (verdict.reason, verdict.confidence) == ("disguised-words", 0.8)


def test_the_rule_is_quoted() -> None:
    post = submission("You numbskull", rules=("Be kind.", "Argue about things, not about people."))
    for number, rule in (
        (2, "Argue about things, not about people."),
        (0, "House rule."),
        (3, "House rule."),
    ):
        verdict = judged(post, "numbskull", ground_rule=number, sentence="House rule.")
        assert verdict is not None
        assert verdict.rule == rule


def test_it_also_answers_while_somebody_writes_and_on_edits() -> None:
    for moment in Moment:
        assert judged(submission("You numbskull", moment=moment), "numbskull") is not None


def test_people_who_are_exempt_and_an_empty_list_are_left_alone() -> None:
    assert (
        judged(submission("You numbskull", role="instructor"), "numbskull", exempt_roles=("instructor",))
        is None
    )
    assert judged(submission("You numbskull"), "numbskull", exempt_roles=("instructor",)) is not None
    assert judged("You numbskull") is None
    assert judged("You numbskull", "# numbskull", "=", "***") is None


def test_the_same_submission_gets_the_same_verdict() -> None:
    assert judged("You numbskull", "numbskull") == judged("You numbskull", "numbskull")


@pytest.mark.parametrize(
    ("line", "key", "how", "action"),
    [
        ("Numbskull", "numbskull", How.EXACT, None),
        ("numbskull*", "numbskull", How.INFLECTED, None),
        ("*skull", "skull", How.ENDING, None),
        ("*SKULL* = Advise", "skull", How.PART, Action.ADVISE),
        ("  numb\u200bskull  # remark = hold", "numbskull", How.EXACT, None),
    ],
)
def test_a_line_is_read(line: str, key: str, how: How, action: Action | None) -> None:
    entry = read_line(line)
    assert entry is not None
    (word,) = entry.words
    assert (word.key, word.how, entry.action) == (key, how, action)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("numbskull = eat", Fault.ACTION),
        ("numbskull =", Fault.ACTION),
        ("a = b = hold", Fault.ACTION),
        ("***", Fault.EMPTY),
        ("!!! = hold", Fault.EMPTY),
        ("= hold", Fault.EMPTY),
        ("numb*skull", Fault.STAR),
        ("know-all*", Fault.STAR),
        ("*ab*", Fault.SHORT),
        ("*ab", Fault.SHORT),
        ("one two three four five six seven eight nine", Fault.LONG),
        ("x" * 200, Fault.LONG),
    ],
)
def test_a_line_that_means_nothing_is_refused_and_passed_over(line: str, fault: Fault) -> None:
    with pytest.raises(WrongLineError) as refusal:
        read_line(line)
    assert refusal.value.fault is fault
    assert len(read([line, "numbskull"])) == 1


@pytest.mark.parametrize("line", ["", "   ", "# a remark", "  # another = hold"])
def test_blank_lines_and_remarks_are_no_entries(line: str) -> None:
    assert read_line(line) is None


def test_a_regular_expression_is_only_what_it_says() -> None:
    assert judged("bcbcbcbcbcbcbcbcbcbcbcbcbcbc!", "(bc+)+$") is None
    assert marked("the pattern (bc+)+$ explodes", "(bc+)+$") == ["bc"]


def sent(**values: object) -> WordsForm:
    """The form as somebody sent it, with the defaults for what is not given."""
    pairs = {"action": "hold", "ground_rule": "0", "languages": ["english"]} | values
    flat = [
        (key, one) for key, value in pairs.items() for one in (value if isinstance(value, list) else [value])
    ]
    return WordsForm(MultiDict(flat), meta={"csrf": False})


def test_the_form_takes_a_list_and_gives_it_to_the_policy() -> None:
    form = sent(entries="numbskull*\r\n# remark\r\nshut up = advise", leet="y")

    assert form.validate(), form.errors
    taken = Words(**{setting.name: form[setting.name].data for setting in fields(Words)})
    assert list(taken.entries) == ["numbskull*", "# remark", "shut up = advise"]
    verdict = lmssocial_screen_submission(submission("Shut up"), taken)
    assert verdict is not None
    assert verdict.ruling is Ruling.ANNOTATE


@pytest.mark.parametrize(
    ("entries_", "said"),
    [
        ("fine\nnumbskull = eat", "“numbskull = eat”: after the equals sign stands hold, advise or redact."),
        ("numb*skull", "“numb*skull”: a star stands at the beginning or the end of one word."),
        ("*ab*", "“*ab*”: a part of words needs at least 3 letters."),
        ("a b c d e f g h i", "“a b c d e f g h i” is too long: a phrase may have 8 words."),
        ("!!!", "“!!!” has no word in it."),
    ],
)
def test_the_form_names_the_line_that_is_wrong(entries_: str, said: str) -> None:
    form = sent(entries=entries_)
    assert not form.validate()
    assert form.errors == {"entries": [said]}


def test_the_form_bounds_the_list() -> None:
    assert not sent(entries="\n".join(f"word{number}" for number in range(501))).validate()
    assert sent(entries="\n".join(f"word{number}" for number in range(500))).validate()
    assert not sent(entries="", sentence="x" * 301).validate()
    assert not sent(entries="", ground_rule="51").validate()


HOSTILE = {
    "prose": "It was the best of times, it was the worst of times. ",
    "new words": " ".join(f"idio{number:x}" for number in range(20_000)),
    "new arabic words": " ".join(
        f"كل{chr(0x628 + number % 20)}{chr(0x628 + number // 20 % 20)}" for number in range(9999)
    ),
    "letters apart": "a ",
    "letters with dots": "i.d-",
    "stars": "*",
    "stars in words": "a*",
    "stars in pairs": "a**",
    "ampersands": "&",
    "entities": "&#97;",
    "half entities": "&#97",
    "link beginnings": "a](",
    "half links": "[a](b",
    "brackets": "[",
    "invisible": "\u200b",
    "one letter": "a",
    "heaped accents": "a" + "\u0301" * 500,
    "at signs": "@a",
    "signs": "$!|",
    "half a phrase": "shut ",
    "the word": "idiot ",
    "mixed alphabets": "аa ",
    "parts": "schrott",
    "parts apart": "schrott ",
    "blank lines": "\n\n\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hundred_kilobytes_of_anything_take_moments(kind: str) -> None:
    piece = HOSTILE[kind]
    source = (piece * (100_000 // len(piece) + 1))[:100_000]
    lines = ("idiot*", "كلب*", "shut up", "*schrott*", *(f"idiosyncrasy{number}*" for number in range(490)))
    judged("warm up", *lines, languages=("english", "german", "arabic"))

    begun = time.process_time()
    judged(source, *lines, languages=("english", "german", "arabic"))
    assert time.process_time() - begun < 3.0


def test_the_manifest_fits_this_lmssocial_and_form_and_settings_agree() -> None:
    assert manifest.name == "words"
    assert manifest.api[0] == HOOK_API[0]
    in_form = {name for name in dir(WordsForm) if hasattr(getattr(WordsForm, name), "_formfield")}

    assert manifest.settings is Words
    assert manifest.settings_form is WordsForm
    assert in_form == {setting.name for setting in fields(Words)}


def test_every_language_offered_has_a_stemmer() -> None:
    offered = {name for name, _label in settings.LANGUAGES}
    assert offered <= set(snowballstemmer.algorithms())
    assert set(Words().languages) <= offered


MODULES = (lmssocial_words, entries, finding, index, lookalikes, reading, settings)


def test_it_knows_nothing_of_ours_but_what_plugins_may_import() -> None:
    used = {
        name
        for module in MODULES
        for name in re.findall(r"^(?:from|import) (lmssocial\S*)", inspect.getsource(module), re.MULTILINE)
    }
    assert {name for name in used if not name.startswith("lmssocial_words")} == {"lmssocial.plugin"}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_sentence_is_translated(language: str) -> None:
    folder = Path(lmssocial_words.__file__).parent
    keywords = {"_": None, "_l": None, "lazy_gettext": None}
    said = {
        message for _file, _line, message, _notes, _context in extract_from_dir(folder, keywords=keywords)
    }
    with (folder / manifest.translations / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    translated = {message.id: message for message in catalogue if message.id}

    assert translated.keys() == said
    for message in translated.values():
        assert message.string
        assert not message.fuzzy
        places = re.compile(r"%\(\w+\)[sd]")
        assert sorted(places.findall(str(message.string))) == sorted(places.findall(str(message.id)))
