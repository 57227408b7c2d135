"""ClamAV at the border: a daemon that speaks its protocol, and everything that goes wrong with one."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lmssocial.plugin import Attachment, Ruling
from lmssocial_attachments import clamd, lmssocial_screen_attachment
from lmssocial_attachments.clamd import Clamd, ScannerError, configured
from lmssocial_attachments.settings import FileRules

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner agrees to call a virus, in two halves so that none takes this test for one."""

Answer = Callable[[bytes], bytes]


def honest(data: bytes) -> bytes:
    """What clamd says."""
    return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


class FakeDaemon:
    """Listens, takes one file after the other, and answers."""

    def __init__(self, listening: socket.socket, answer: Answer) -> None:
        """Listen from now on."""
        self.listening, self.answer = listening, answer
        self.heard: list[bytes] = []
        listening.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        """Until the socket is closed."""
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as file:
                assert file.read(10) == b"zINSTREAM\0"
                data = b""
                while length := struct.unpack(">I", file.read(4))[0]:
                    data += file.read(length)
                self.heard.append(data)
                line.sendall(self.answer(data))

    def close(self) -> None:
        """End."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(5)


@pytest.fixture
def daemon() -> Iterator[Callable[..., FakeDaemon]]:
    started: list[FakeDaemon] = []

    def start(answer: Answer = honest, path: Path | None = None) -> FakeDaemon:
        listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        listening.bind(str(path) if path else ("127.0.0.1", 0))
        started.append(FakeDaemon(listening, answer))
        return started[-1]

    yield start
    for one in started:
        one.close()


def at(one: FakeDaemon) -> Clamd:
    return Clamd(host="127.0.0.1", port=one.listening.getsockname()[1])


def test_a_virus_is_found_and_anything_else_is_clean(daemon: Callable[..., FakeDaemon]) -> None:
    one = daemon()

    assert at(one).scan(b"harmless") == ""
    assert at(one).scan(EICAR) == "Eicar-Signature"
    assert one.heard == [b"harmless", EICAR]


def test_a_large_file_goes_over_whole(daemon: Callable[..., FakeDaemon]) -> None:
    one, large = daemon(), bytes(range(256)) * 20_000
    at(one).scan(large)

    assert one.heard == [large]


def test_it_may_listen_on_a_socket_of_this_machine(daemon: Callable[..., FakeDaemon], tmp_path: Path) -> None:
    path = tmp_path / "clamd.ctl"
    daemon(path=path)
    found = configured({clamd.ADDRESS: str(path)})

    assert found is not None
    assert found.scan(EICAR) == "Eicar-Signature"


def test_the_policy_refuses_a_virus_and_names_it(
    daemon: Callable[..., FakeDaemon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(clamd.ADDRESS, f"127.0.0.1:{at(daemon()).port}")
    file = Attachment(
        tenant_id=1,
        community_id=1,
        author_id=1,
        author_role="instructor",
        name="notes.txt",
        declared_type="text/plain",
        data=EICAR,
    )
    verdict = lmssocial_screen_attachment(file, FileRules())

    assert verdict is not None
    assert (verdict.ruling, verdict.reason) == (Ruling.REJECT, "virus")
    assert "Eicar-Signature" in verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"",
        b"\0",
        b"stream: maybe\0",
    ],
)
def test_an_answer_that_judges_nothing_is_no_consent(
    daemon: Callable[..., FakeDaemon], answer: bytes
) -> None:
    with pytest.raises(ScannerError):
        at(daemon(lambda _data: answer)).scan(b"words")


def test_nobody_there_is_no_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv(clamd.ADDRESS, f"127.0.0.1:{port}")
    file = Attachment(
        tenant_id=1,
        community_id=1,
        author_id=1,
        author_role="learner",
        name="a.txt",
        declared_type="",
        data=b"x",
    )
    with pytest.raises(ScannerError, match=str(port)):
        lmssocial_screen_attachment(file, FileRules())


def test_a_scanner_that_hangs_is_left(
    daemon: Callable[..., FakeDaemon], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = threading.Event()

    def hang(_data: bytes) -> bytes:
        waited.wait(5)
        return b""

    monkeypatch.setattr(clamd, "PATIENCE", 0.2)
    with pytest.raises(ScannerError, match=r"timed out|too long"):
        at(daemon(hang)).scan(b"words")
    waited.set()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", None),
        ("/run/clamav/clamd.ctl", Clamd(path="/run/clamav/clamd.ctl")),
        ("unix:///run/clamd.sock", Clamd(path="/run/clamd.sock")),
        ("clamav", Clamd(host="clamav", port=3310)),
        ("clamav:1234", Clamd(host="clamav", port=1234)),
        ("tcp://10.0.0.7:3310", Clamd(host="10.0.0.7", port=3310)),
        ("[::1]:3310", Clamd(host="::1", port=3310)),
        ("[::1]", Clamd(host="::1", port=3310)),
    ],
)
def test_addresses(address: str, found: Clamd | None) -> None:
    assert configured({clamd.ADDRESS: address}) == found


@pytest.mark.parametrize("address", ["clamav:", "clamav:x", ":3310"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(ScannerError, match="must be a path"):
        configured({clamd.ADDRESS: address})
