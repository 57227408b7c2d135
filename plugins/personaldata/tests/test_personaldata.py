"""What is found, what is left alone, where the marks point, and what the author is told."""

import inspect
import re
import time
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from werkzeug.datastructures import MultiDict

import lmssocial_personaldata
from lmssocial.plugin import HOOK_API, Concern, Moment, Ruling, Submission, Verdict
from lmssocial_personaldata import (
    checks,
    email,
    found,
    identity,
    lmssocial_screen_submission,
    manifest,
    payment,
    phone,
    reading,
    searching,
    settings,
)
from lmssocial_personaldata.settings import IDENTITY_NUMBERS, PersonalData, PersonalDataForm


def submission(
    source: str, *, title: str = "", role: str = "learner", moment: Moment = Moment.CREATE
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
    )


def judged(post: Submission | str, **more: object) -> Verdict | None:
    """What the policy makes of ``post``."""
    of = submission(post) if isinstance(post, str) else post
    verdict: Verdict | None = lmssocial_screen_submission(of, PersonalData(**more))  # type: ignore[arg-type]
    return verdict


def marked(source: str, **more: object) -> list[str]:
    """The places of ``source`` that the verdict points at."""
    verdict = judged(source, **more)
    return [] if verdict is None else [source[span.start : span.end] for span in verdict.spans]


@pytest.mark.parametrize(
    "address",
    [
        "ana.lee@example.org",
        "ana.lee+course@mail.example.co.uk",
        "ANA@EXAMPLE.ORG",
        "ana@münchen.example",
        "用户@例子.广告",
        "ana@xn--mnchen-3ya.xn--p1ai",
        "ana＠example.org",
        "ana&#64;example.org",
        "ana&commat;example&period;org",
        "ana\\@example.org",
        "ana\\_lee@example.org",
        "ana\u200b@exam\u00adple.org",
        "ana**@**example.org",
        "ana (at) example (dot) org",
        "ana[at]example[dot]org",
        "ana(ät)example.org",
        "ana AT example DOT org",
        "ana@example (dot) org",
    ],
)
@pytest.mark.parametrize(
    "around", ["Write to {}.", "<{}>", "[me](mailto:{})", "**{}**", "`{}`", "```\n{}\n```"]
)
def test_mail_addresses_are_found(address: str, around: str) -> None:
    source = around.format(address)
    assert marked(source) == [address]
    verdict = judged(source)
    assert verdict is not None
    assert verdict.reason == "email-address"


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("call +1 650 253 0000 now", "+1 650 253 0000"),
        ("call +49 30 901820, please", "+49 30 901820"),
        ("call +1 650 253 **0000**", "+1 650 253 **0000"),
        ("call +1&nbsp;650&nbsp;253&nbsp;0000", "+1&nbsp;650&nbsp;253&nbsp;0000"),
        ("call ＋１６５０２５３００００", "＋１６５０２５３００００"),
        ("call +٩٧١٥٠١٢٣٤٥٦٧", "+٩٧١٥٠١٢٣٤٥٦٧"),
        ("call +1\u200b650\u200b253\u200b0000", "+1\u200b650\u200b253\u200b0000"),
        ("in `+1 650 253 0000` too", "+1 650 253 0000"),
        ("```\n+1 650 253 0000\n```", "+1 650 253 0000"),
        ("join https://wa.me/4915112345678 today", "4915112345678"),
        ("https://api.whatsapp.com/send?phone=16502530000&text=hi", "16502530000"),
        ("https://api.whatsapp.com/send?text=hi&phone=%2B16502530000", "%2B16502530000"),
        ("[me](tel:+1-650-253-0000)", "+1-650-253-0000"),
    ],
)
def test_telephone_numbers_with_country_code_are_found_everywhere(source: str, number: str) -> None:
    assert marked(source) == [number]


def test_the_messenger_spam_of_large_open_courses_is_found() -> None:
    """The Open edX anti-spam post-mortem: fresh accounts lead people away by messenger numbers and links to them."""
    spam = (
        "Need help with the assignment?? Contact our experts\n\n**WhatsApp** : +1 (650) 253-0000 or "
        "[chat now](https://wa.me/16502530000?text=Hi), telegram t.me/+16502530000, experts (at) help.example"
    )
    assert marked(spam) == ["+1 (650) 253-0000", "16502530000", "+16502530000", "experts (at) help.example"]


@pytest.mark.parametrize(
    ("source", "region", "number"),
    [
        ("call (212) 555-2368", "US", "(212) 555-2368"),
        ("call 6502530000", "US", "6502530000"),
        ("call 650.253.0000", "us", "650.253.0000"),
        ("ruf 030 901820 an", "DE", "030 901820"),
        ("ring 020 7946 0958", "GB", "020 7946 0958"),
        ("اتصل ٠٥٠١٢٣٤٥٦٧", "AE", "٠٥٠١٢٣٤٥٦٧"),
    ],
)
def test_telephone_numbers_without_it_are_found_for_the_countries_set(
    source: str, region: str, number: str
) -> None:
    assert marked(source, regions=(region,)) == [number]
    assert marked(source) == []
    assert marked(f"```\n{source}\n```", regions=(region,)) == []


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("pay with 4111-1111-1111-1111.", "4111-1111-1111-1111"),
        ("4111111111111111", "4111111111111111"),
        ("CVV 123 4111 1111 1111 1111 12 27", "4111 1111 1111 1111"),
        ("3782 822463 10005", "3782 822463 10005"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("４１１１１１１１１１１１１１１１", "４１１１１１１１１１１１１１１１"),
        ("41111111&#49;1111111", "41111111&#49;1111111"),
        ("```\n4111111111111111\n```", "4111111111111111"),
    ],
)
def test_card_numbers_are_found(source: str, number: str) -> None:
    assert marked(source) == [number]
    verdict = judged(source)
    assert verdict is not None
    assert verdict.reason == "card-number"


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("to DE89 3704 0044 0532 0130 00 and then", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "GB82WEST12345698765432"),
        ("iban:nl91abna0417164300", "nl91abna0417164300"),
        ("DE89 3704 0044 0532 0130 00 GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_ibans_are_found_and_their_digits_are_nothing_else(source: str, number: str) -> None:
    assert marked(source)[0] == number
    verdict = judged(source, regions=("DE", "US"))
    assert verdict is not None
    assert verdict.reason == "bank-account-number"


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("078-05-1120", "078-05-1120"),
        ("my SSN is 078051120", "078051120"),
        ("Steuer-ID 86 095 742 719", "86 095 742 719"),
        ("86095742719", "86095742719"),
        ("X1234567L and 54.362.315-K", "X1234567L"),
        ("2 55 08 14 168 025 38", "2 55 08 14 168 025 38"),
        ("BSN: 111222333", "111222333"),
        ("PESEL 44051401359", "44051401359"),
        ("2341 2341 2346", "2341 2341 2346"),
        ("Aadhaar no. 234123412346", "234123412346"),
        ("529.982.247-25", "529.982.247-25"),
        ("CPF 52998224725", "52998224725"),
        ("rccmnl83s18d969h", "rccmnl83s18d969h"),
        ("11010519491231002X", "11010519491231002X"),
    ],
)
def test_identity_numbers_are_found(source: str, number: str) -> None:
    verdict = judged(source)
    assert verdict is not None
    assert verdict.reason == "identity-number"
    assert marked(source)[0] == number
    assert judged(f"~~~\n{source}\n~~~") is None
    assert judged(source, identity_numbers=()) is None


INNOCENT = [
    "Python 3.11.7, SQLite 3.45.1 and 2.0.40",
    "ISBN 978-3-16-148410-0, ISBN 0-306-40615-2, 9780306406157, ISSN 2049-3630",
    "CS-101 in 2024/25, MATH 2301-001, room 4.12.107",
    "2024-11-22 10:30, 22.11.2026, 11/22/2026, 20241122103000",
    "1990-2026, 2024 2025 2026, 1999 2000 2001 2002",
    "https://doi.org/10.1038/s41586-020-2649-2 and 10.1145/3292500.3330701",
    "192.168.178.20, 2001:db8::8a2e:370:7334, 255.255.255.0",
    "3.14159265358979, 0.4111111111111111, 0.123456789, 6.02214076e23",
    "1,234,567,890 and 1 000 000 000 and 12 34 56 78 90",
    "order 6502530000, #6502530000, ticket 2125552368, RFC 2606 5321 6530",
    "chapter 12.3.4.5, pages 100-200, 2010",
    "https://example.org/item/6502530000/4111111111111111?id=44051401359",
    "git clone git@github.com:owner/name.git",
    "![icon](icon@2x.png) and @app.route('/x'), x @ y.T, look @ example",
    "111222333, 123456789, 1234 5678 9012 3456, 4111 1111 1111 1112",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479 and a4111111111111111f",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
    "[4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2 3]",
    "```python\nnumber = 6502530000\nserial = 86095742719\n```",
    "@ana and @ben, at 10 dot. Meet AT noon",
    "12345678A, DE12 3456, GB is great: AB12 CDEF",
]


@pytest.mark.parametrize("source", INNOCENT)
def test_other_digits_and_signs_are_left_alone(source: str) -> None:
    assert marked(source, regions=("US", "DE", "FR")) == []


def test_several_kinds_are_named_together_and_nothing_is_repeated() -> None:
    verdict = judged(
        "ana@example.org, +1 650 253 0000, 4111 1111 1111 1111, DE89370400440532013000, 078-05-1120"
    )

    assert verdict is not None
    assert verdict.reason == "personal-data"
    assert verdict.message == (
        "There is personal data in this post: a card number, a bank account number, an identity number, "
        "an e-mail address, a telephone number."
    )
    assert not re.search(r"\d|@", verdict.message + verdict.suggestion)
    assert len(verdict.spans) == 5
    assert verdict.concern is Concern.PERSONAL_DATA


@pytest.mark.parametrize(
    ("action", "ruling"),
    [
        ("redact", Ruling.REDACT),
        ("hold", Ruling.HOLD),
        ("advise", Ruling.ANNOTATE),
        ("of another version", Ruling.HOLD),
    ],
)
def test_what_happens_is_set(action: str, ruling: Ruling) -> None:
    verdict = judged("ana@example.org", action=action)
    assert verdict is not None
    assert verdict.ruling is ruling


def test_a_title_cannot_be_covered_in_part_and_is_held() -> None:
    verdict = judged(submission("Hello", title="Write to ana@example.org"))

    assert verdict is not None
    assert (verdict.ruling, verdict.spans) == (Ruling.HOLD, ())
    assert verdict.message == "There is personal data in the title: an e-mail address."
    advice = judged(submission("Hello", title="ana@example.org"), action="advise")
    assert advice is not None
    assert advice.ruling is Ruling.ANNOTATE


def test_what_everybody_may_know_is_let_through() -> None:
    source = (
        "desk@help.example.edu, it@sub.help.example.edu, one@example.com, +1 (650) 253-0000, 650-253-0000"
    )
    allowed = ("help.example.edu", "One@Example.com", "+1 650 253 0000", "6502530000")

    assert marked(source, allowed=allowed, regions=("US",)) == []
    assert marked(source + ", two@example.com, ana@nothelp.example.edu", allowed=allowed) == [
        "two@example.com",
        "ana@nothelp.example.edu",
    ]


def test_only_the_kinds_set_are_looked_for() -> None:
    source = "ana@example.org, +1 650 253 0000, 4111 1111 1111 1111"
    assert marked(source, kinds=("email",)) == ["ana@example.org"]
    assert marked(source, kinds=("phone",)) == ["+1 650 253 0000"]
    assert marked(source, kinds=()) == []


def test_instructors_are_left_alone_unless_that_is_changed_and_a_learner_never_is() -> None:
    assert judged(submission("ana@example.org", role="instructor")) is None
    assert judged(submission("ana@example.org", role="instructor"), exempt_roles=()) is not None
    assert judged(submission("ana@example.org", role="learner")) is not None


def test_it_also_answers_while_somebody_writes_and_on_edits() -> None:
    for moment in Moment:
        assert judged(submission("ana@example.org", moment=moment)) is not None


def test_marks_stand_in_the_source_whatever_is_hidden_before_them() -> None:
    source = "&amp; **bold** \\* \u200b&#49; ~~x~~ ana&#64;example.org &lt; **+1 650 253 0000** end"
    assert marked(source) == ["ana&#64;example.org", "+1 650 253 0000"]


def test_a_flood_of_finds_is_still_a_verdict_and_nothing_stays_uncovered() -> None:
    source = "ana@example.org 650-253-0000 " * 700
    verdict = judged(source, regions=("US",))

    assert verdict is not None
    assert len(verdict.spans) <= 500
    covered = list(source)
    for span in verdict.spans:
        covered[span.start : span.end] = " " * (span.end - span.start)
    assert "@" not in "".join(covered)
    assert "650" not in "".join(covered)


def test_a_fence_that_nobody_closes_reaches_to_the_end_and_another_sign_does_not_close_it() -> None:
    assert marked("```\n~~~\n86095742719") == []
    assert marked("```\n86095742719\n```\n86095742719") == ["86095742719"]


def sent(**values: object) -> PersonalDataForm:
    """The form as somebody sent it."""
    pairs = {"action": "redact", "kinds": ["email"]} | values
    flat = [
        (key, one) for key, value in pairs.items() for one in (value if isinstance(value, list) else [value])
    ]
    return PersonalDataForm(MultiDict(flat), meta={"csrf": False})


def test_the_form_takes_what_is_right_and_names_what_is_not() -> None:
    form = sent(regions="US\r\nde", allowed="help.example.edu\r\n+1 650 253 0000")
    assert form.validate(), form.errors
    taken = PersonalData(**{setting.name: form[setting.name].data for setting in fields(PersonalData)})
    assert lmssocial_screen_submission(submission("ana@help.example.edu, +1 650 253 0000"), taken) is None

    wrong = sent(regions="XX")
    assert not wrong.validate()
    assert wrong.errors == {"regions": ["XX is no country that has telephone numbers."]}
    assert not sent(regions="US\nDE\nFR\nGB").validate()
    assert not sent(action="eat").validate()


HOSTILE = {
    "prose": "It was the best of times; call 12 people now. ",
    "digits": "1",
    "digits apart": "1 2 3 4 5 6 7 ",
    "cards digit by digit": "4 1 ",
    "halves of cards": "4111 ",
    "cards": "4111111111111111 ",
    "halves of telephone numbers": "650 253 00 ",
    "telephone numbers": "650-253-0000 ",
    "signs": "+1",
    "addresses": "a@b.cc ",
    "halves of addresses": "a@",
    "at signs": "@",
    "dots": "a.",
    "one word": "a",
    "one domain": "a@" + "b." * 50_000,
    "addresses for people": "a (at ",
    "addresses in capitals": "a AT b DOT ",
    "ampersands": "&",
    "entities": "&#49;",
    "escapes": "\\1",
    "stars": "*",
    "halves of ibans": "DE89 ",
    "ibans without end": "DE89",
    "fences": "```\n",
    "invisible": "\u200b",
    "indian": "2345 ",
    "american": "SSN 123 ",
    "french": "1 85 05 ",
    "polish": "12345678901 ",
    "books": "978 1 2 3 ",
    "web addresses": "https://a/",
    "links that dial": "wa.me/",
    "links that half dial": "whatsapp.com/send?a",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hundred_kilobytes_of_anything_take_moments(kind: str) -> None:
    piece = HOSTILE[kind]
    source = (piece * (100_000 // len(piece) + 1))[:100_000]

    begun = time.process_time()
    judged(source, regions=("US", "DE", "FR"))
    assert time.process_time() - begun < 3.0


def test_the_manifest_fits_this_lmssocial_and_form_and_settings_agree() -> None:
    assert manifest.name == "personaldata"
    assert manifest.api[0] == HOOK_API[0]
    in_form = {
        name for name in dir(PersonalDataForm) if hasattr(getattr(PersonalDataForm, name), "_formfield")
    }

    assert manifest.settings is PersonalData
    assert manifest.settings_form is PersonalDataForm
    assert in_form == {setting.name for setting in fields(PersonalData)}
    assert {scheme.key for scheme in identity.SCHEMES} == {key for key, _label in IDENTITY_NUMBERS}


MODULES = (
    lmssocial_personaldata,
    checks,
    email,
    found,
    identity,
    payment,
    phone,
    reading,
    searching,
    settings,
)


def test_it_knows_nothing_of_ours_but_what_plugins_may_import() -> None:
    used = {
        name
        for module in MODULES
        for name in re.findall(r"^(?:from|import) (lmssocial\S*)", inspect.getsource(module), re.MULTILINE)
    }
    assert {name for name in used if not name.startswith("lmssocial_personaldata")} == {"lmssocial.plugin"}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_sentence_is_translated(language: str) -> None:
    folder = Path(lmssocial_personaldata.__file__).parent
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
