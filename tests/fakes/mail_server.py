"""A mail server on the loopback address that takes, refuses, stalls or is not there, as the test wants."""

import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Accepted:
    """A message that the server took."""

    sender: str
    recipient: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, read."""
        return message_from_bytes(self.data, policy=default)


@dataclass
class MailServer:
    """What happened at the server, and how it behaves from now on."""

    port: int = 0
    taken: list[Accepted] = field(default_factory=list)
    sign_ins: list[str] = field(default_factory=list)
    """What was said after AUTH, as it came over the wire."""
    answers: dict[str, str] = field(default_factory=dict)
    """Beginning of a command (``RCPT TO:<ana@example.edu>``, ``DATA`` …) → what is answered instead of yes."""
    stall: float = 0.0
    """Seconds before it greets."""
    offers: tuple[str, ...] = ("SIZE 1000000",)
    hang_up_after_data: bool = False
    """Whether it takes a message and says nothing any more."""
    context: ssl.SSLContext | None = None
    talks: int = 0

    @property
    def url(self) -> str:
        """Its address without anybody's name."""
        return f"smtp://127.0.0.1:{self.port}"

    def answer(self, command: str, otherwise: str) -> str:
        """What it says to ``command``."""
        for begin, says in self.answers.items():
            if command.upper().startswith(begin.upper()):
                return says
        return otherwise


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that takes everything, until the block ends."""
    state = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _talk(self, state)

        def finish(self) -> None:
            super().finish()
            self.request.close()  # it may be another than the one that was accepted: TLS wraps it

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """Whoever hung up hung up."""

    with Server(("127.0.0.1", 0), Talk) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def _talk(talk: socketserver.StreamRequestHandler, state: MailServer) -> None:
    state.talks += 1
    time.sleep(state.stall)
    envelope: list[str] = []
    say = _say(talk, state.answer("CONNECT", "220 mail.example.edu"))
    while say and (line := talk.rfile.readline()):
        command = line.decode().strip()
        verb = command.upper()
        if verb.startswith("EHLO"):
            says = "\r\n".join(
                [f"250-{offer}" for offer in ("mail.example.edu", *state.offers)] + ["250 HELP"]
            )
        elif verb == "STARTTLS" and state.context is not None:
            _say(talk, "220 go ahead")
            talk.request = state.context.wrap_socket(
                talk.request, server_side=True, do_handshake_on_connect=False
            )
            try:
                talk.request.do_handshake()
            except ssl.SSLError:
                return
            talk.rfile, talk.wfile = talk.request.makefile("rb"), talk.request.makefile("wb", 0)
            continue
        elif verb.startswith("AUTH"):
            state.sign_ins.append(command)
            says = state.answer(command, "235 welcome")
        elif verb.startswith(("MAIL FROM:", "RCPT TO:")):
            envelope.append(_address(command))
            says = state.answer(command, "250 go on")
        elif verb == "DATA":
            _say(talk, "354 end with a dot")
            data = b"".join(iter(talk.rfile.readline, b".\r\n"))
            says = state.answer("DATA", "250 taken")
            if says.startswith("250"):
                sender, recipient = envelope[:2]
                state.taken.append(Accepted(sender, recipient, data))
            if state.hang_up_after_data:
                return
        else:
            says = state.answer(command, "250 fine")
        say = _say(talk, says) and verb != "QUIT"


def _say(talk: socketserver.StreamRequestHandler, says: str) -> bool:
    talk.wfile.write(f"{says}\r\n".encode())
    return not says.startswith(("421", "554 no"))


def _address(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
