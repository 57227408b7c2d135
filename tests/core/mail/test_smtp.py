"""Handing letters to a mail server that has its moods."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lmssocial.core.mail import Letter, MailDown, MailLater, MailRefused, SmtpMailer
from lmssocial.core.mail.smtp import Server
from tests.fakes.mail_server import MailServer, mail_server

SENDER = "Forum <no-reply@example.edu>"
LETTER = Letter(key="one", to="ana@example.edu", title="News", text=".hidden\nend\n", html="<p>News</p>")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_a_letter_arrives_whole(server: MailServer) -> None:
    SmtpMailer(server.url, SENDER).send(LETTER)

    [mail] = server.taken
    assert (mail.sender, mail.recipient) == ("no-reply@example.edu", "ana@example.edu")
    assert mail.message["Subject"] == "News"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 no such user"}, MailRefused),
        ({"RCPT": "450 greylisted, come back"}, MailLater),
        ({"RCPT": "421 shutting down"}, MailDown),
        ({"DATA": "554 this is spam"}, MailRefused),
        ({"DATA": "451 disk full"}, MailLater),
        ({"MAIL": "550 you may not send as this"}, MailDown),
        ({"MAIL": "552 too large"}, MailRefused),
        ({"CONNECT": "421 too many connections"}, MailDown),
        ({"CONNECT": "554 no SMTP service here"}, MailDown),
    ],
)
def test_what_a_server_says_decides_whether_to_come_back(
    server: MailServer, answers: dict[str, str], error: type[Exception]
) -> None:
    server.answers = answers

    with pytest.raises(error, match=next(iter(answers.values()))[:3]):
        SmtpMailer(server.url, SENDER).send(LETTER)
    assert not server.taken


def test_a_server_that_is_not_there_is_trouble_for_all_letters(free_port: int) -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port}", SENDER)

    with pytest.raises(MailDown, match=f"127.0.0.1:{free_port}"):
        mailer.send(LETTER)
    with pytest.raises(MailDown):
        mailer.look()


def test_a_server_that_says_nothing_is_given_up_in_time(server: MailServer) -> None:
    server.stall = 5

    with pytest.raises(MailDown, match="timed out"):
        SmtpMailer(server.url, SENDER, timeout=0.2).send(LETTER)


def test_a_wrong_password_is_trouble_for_all_letters_and_is_not_repeated(server: MailServer) -> None:
    server.offers, server.answers = ("AUTH PLAIN",), {"AUTH": "535 wrong password"}

    with pytest.raises(MailDown, match="535") as raised:
        SmtpMailer(f"smtp://forum:sesame@127.0.0.1:{server.port}", SENDER).send(LETTER)
    assert "sesame" not in str(raised.value)


def test_a_password_goes_to_this_very_machine_without_tls(server: MailServer) -> None:
    server.offers = ("AUTH PLAIN",)

    SmtpMailer(f"smtp://forum:se%40same@127.0.0.1:{server.port}", SENDER).send(LETTER)

    assert server.sign_ins
    assert server.taken


def test_a_password_is_not_sent_over_the_network_without_tls(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.offers = ("AUTH PLAIN",)
    monkeypatch.setattr(Server, "is_here", False)  # as if the loopback address were somewhere else

    with pytest.raises(MailDown, match="no TLS"):
        SmtpMailer(f"smtp://forum:sesame@127.0.0.1:{server.port}", SENDER).send(LETTER)
    assert not server.sign_ins


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("smtp://localhost", True),
        ("smtp://[::1]", True),
        ("smtp://10.0.0.1", False),
        ("smtp://mail.edu", False),
    ],
)
def test_only_this_machine_is_here(url: str, *, is_here: bool) -> None:
    assert Server.parse(url).is_here is is_here


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.edu", ("mail.edu", 587, False, "", "")),
        ("smtps://forum:a%2Fb@mail.edu", ("mail.edu", 465, True, "forum", "a/b")),
        ("smtp://mail.edu:25", ("mail.edu", 25, False, "", "")),
    ],
)
def test_an_address_names_server_and_account(url: str, expected: tuple[object, ...]) -> None:
    read = Server.parse(url)
    assert (read.host, read.port, read.tls, read.user, read.password) == expected
    assert "a/b" not in repr(read)


def test_tls_is_used_where_it_is_offered_and_believed_only_if_it_is_signed(
    server: MailServer, tmp_path: Path
) -> None:
    certificate, key = _certificate(tmp_path)
    server.offers = ("STARTTLS",)
    server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.context.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))

    SmtpMailer(server.url, SENDER, context=trusting).send(LETTER)
    assert len(server.taken) == 1
    assert "over TLS" in SmtpMailer(server.url, SENDER, context=trusting).look()

    with pytest.raises(MailDown, match="certificate"):
        SmtpMailer(server.url, SENDER).send(LETTER)
    assert len(server.taken) == 1


def test_a_letter_that_was_taken_is_taken_however_the_conversation_ends(server: MailServer) -> None:
    server.answers = {"QUIT": "500 what"}

    SmtpMailer(server.url, SENDER).send(LETTER)

    assert len(server.taken) == 1


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret
