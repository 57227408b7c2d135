"""The outbound client against real sockets."""

import gzip
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest

from lmssocial.core.outbound import AllowList, Outbound, OutboundError, Trouble
from tests.core.outbound.conftest import Certificates
from tests.support.loopback import Loopback, says

AGENT = "lmssocial-test/1"
LOOPBACK = AllowList.parse("127.0.0.0/8")
Serve = Callable[..., Loopback]


def client(allow: AllowList = LOOPBACK, **more: object) -> Outbound:
    """A client that may call loopback, unless told otherwise."""
    return Outbound(AGENT, allow, **more)  # type: ignore[arg-type]


def trouble(outbound: Outbound, url: str, **more: object) -> OutboundError:
    """The error a GET of ``url`` ends in."""
    with outbound, pytest.raises(OutboundError) as caught:
        outbound.get_json(url, **more)  # type: ignore[arg-type]
    return caught.value


def test_a_json_document_comes_back_parsed(serve: Serve) -> None:
    server = serve(says(b'{"keys": []}', "application/jwk-set+json", Link="<x>; rel=next"))
    with client() as outbound:
        reply = outbound.get_json(server.url(path="/jwks?a=b"), headers={"Authorization": "Bearer t"})
    assert reply.data == {"keys": []}
    assert reply.status == 200
    assert reply.headers["link"] == "<x>; rel=next"
    asked = server.seen[0]
    headers = asked.headers
    assert (asked.method, asked.path) == ("GET", "/jwks?a=b")
    assert headers["User-Agent"] == AGENT
    assert headers["Authorization"] == "Bearer t"
    assert headers["Host"] == f"127.0.0.1:{server.port}"


def test_json_and_forms_are_posted_as_such(serve: Serve) -> None:
    server = serve(says(b"{}"))
    with client() as outbound:
        outbound.post_json(server.url(), {"name": "Käthe"}, content_type="application/vnd.x+json")
        outbound.post_form(server.url(), {"scope": "a b", "x": "ü"})
    first, second = server.seen
    assert first.headers["Content-Type"] == "application/vnd.x+json"
    assert json.loads(first.body) == {"name": "Käthe"}
    assert second.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert second.body == b"scope=a+b&x=%C3%BC"


def test_an_empty_answer_to_a_post_is_no_data(serve: Serve) -> None:
    server = serve(says(b"", "text/html"))
    with client() as outbound:
        assert outbound.post_json(server.url(), {}).data is None


def test_an_empty_answer_to_a_get_is_an_error(serve: Serve) -> None:
    server = serve(says(b""))
    assert trouble(client(), server.url()).kind is Trouble.NOT_JSON


def test_what_is_put_and_removed_is_sent_as_such(serve: Serve) -> None:
    server = serve(says(b'{"id": 1}'))
    with client() as outbound:
        put = outbound.put_json(server.url(), {"label": "x"}, content_type="application/vnd.x+json")
        outbound.delete(
            server.url(path="/1?type_id=1"), headers={"Authorization": "Bearer t", "Accept": "*/*"}
        )
    assert put.data == {"id": 1}
    first, second = server.seen
    assert (first.method, first.headers["Content-Type"], first.body) == (
        "PUT",
        "application/vnd.x+json",
        b'{"label": "x"}',
    )
    assert (second.method, second.path, second.body) == ("DELETE", "/1?type_id=1", b"")
    assert (second.headers["Authorization"], second.headers["Accept"]) == ("Bearer t", "*/*")
    assert "Content-Type" not in second.headers


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"OK", "text/plain"), (b"OK", "application/json"), (b"<x/>", "application/xml"), (b" ", "text/html")],
)
def test_where_the_answer_does_not_matter_it_may_be_anything_but_a_page(
    serve: Serve, body: bytes, content_type: str
) -> None:
    server = serve(says(body, content_type))
    with client() as outbound:
        for reply in (
            outbound.post_json(server.url(), {}, lenient=True),
            outbound.put_json(server.url(), {}, lenient=True),
            outbound.delete(server.url()),
        ):
            assert (reply.status, reply.body, reply.data) == (200, body, None)


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/xhtml+xml"])
def test_a_login_page_is_never_taken_for_a_success(serve: Serve, content_type: str) -> None:
    server = serve(says(b"<html>Sign in</html>", content_type))
    with client() as outbound:
        sends: tuple[Callable[[], object], ...] = (
            lambda: outbound.post_json(server.url(), {}, lenient=True),
            lambda: outbound.put_json(server.url(), {}, lenient=True),
            lambda: outbound.delete(server.url()),
        )
        for send in sends:
            with pytest.raises(OutboundError) as caught:
                send()
            assert caught.value.kind is Trouble.NOT_JSON


def test_a_header_in_several_lines_is_one_list(serve: Serve) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for link in ('<a>; rel="next"', '<b>; rel="differences"'):
            handler.send_header("Link", link)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"[]")

    with client() as outbound:
        assert (
            outbound.get_json(serve(answer).url()).headers["link"]
            == '<a>; rel="next", <b>; rel="differences"'
        )


def test_one_request_may_have_another_time_limit(serve: Serve) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.6)
        says(b"{}")(handler)

    server = serve(answer)
    with client(total_seconds=0.2) as outbound:
        with pytest.raises(OutboundError) as caught:
            outbound.get_json(server.url())
        assert caught.value.kind is Trouble.TIMEOUT
        assert outbound.get_json(server.url(), seconds=5).status == 200


@pytest.mark.parametrize("url", ["https://{}/", "http://{}/"])
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"],  # noqa: S104
)
def test_without_an_allow_list_no_way_of_writing_loopback_works(serve: Serve, host: str, url: str) -> None:
    server = serve(says(b"{}"))
    error = trouble(client(AllowList()), url.format(f"{host}:{server.port}"))
    assert error.kind in {Trouble.FORBIDDEN_ADDRESS, Trouble.NOT_HTTPS, Trouble.BAD_URL, Trouble.UNKNOWN_HOST}
    assert server.seen == []


def test_the_same_server_answers_once_it_is_allowed(serve: Serve) -> None:
    server = serve(says(b"{}"))
    for entry in (f"localhost:{server.port}", "localhost", "127.0.0.0/8"):
        with client(AllowList.parse(entry)) as outbound:
            assert outbound.get_json(server.url("localhost")).data == {}


def test_another_port_of_an_allowed_socket_is_refused(serve: Serve) -> None:
    server = serve(says(b"{}"))
    error = trouble(client(AllowList.parse(f"localhost:{server.port + 1}")), server.url("localhost"))
    assert error.kind is Trouble.NOT_HTTPS
    assert server.seen == []


@pytest.mark.parametrize("address", ["10.0.0.7", "169.254.169.254", "::1", "64:ff9b::a9fe:a9fe", "fe80::1"])
def test_a_name_that_leads_inside_is_refused_and_says_where_it_led(address: str) -> None:
    error = trouble(client(AllowList(), resolve=lambda _h, _p: [address]), "https://lms.example/")
    assert error.kind is Trouble.FORBIDDEN_ADDRESS
    assert error.host == "lms.example"
    assert address in error.reason
    assert "LMSSOCIAL_OUTBOUND_ALLOW" in error.reason


def test_plain_http_to_a_public_address_is_refused_even_when_networks_are_allowed() -> None:
    error = trouble(client(LOOPBACK, resolve=lambda _h, _p: ["93.184.216.34"]), "http://lms.example/")
    assert error.kind is Trouble.NOT_HTTPS


def test_a_rebinding_name_reaches_only_the_address_that_was_examined(serve: Serve) -> None:
    outside = serve(says(b'"outside"', Connection="close"), host="127.0.0.2")
    inside = serve(says(b'"inside"'), host="127.0.0.1", port=outside.port)
    asked: list[str] = []

    def flip(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    with client(AllowList.parse("127.0.0.2/32"), resolve=flip) as outbound:
        assert outbound.get_json(outside.url("lms.example")).data == "outside"
        assert asked == ["lms.example"], "a name is resolved once for each connection"
        with pytest.raises(OutboundError) as caught:
            outbound.get_json(outside.url("lms.example"))
    assert caught.value.kind is Trouble.NOT_HTTPS
    assert len(asked) == 2
    assert inside.seen == []


def test_the_server_inside_would_have_answered(serve: Serve) -> None:
    """Negative control of the test above: only the guard stands between them."""
    inside = serve(says(b'"inside"'))
    with client(LOOPBACK, resolve=lambda _h, _p: ["127.0.0.1"]) as outbound:
        assert outbound.get_json(inside.url("lms.example")).data == "inside"


def test_of_mixed_addresses_only_the_good_ones_are_tried(serve: Serve) -> None:
    good = serve(says(b'"good"'), host="127.0.0.2")
    bad = serve(says(b'"bad"'), host="127.0.0.1", port=good.port)
    with client(
        AllowList.parse("127.0.0.2/32"), resolve=lambda _h, _p: ["127.0.0.1", "127.0.0.2"]
    ) as outbound:
        assert outbound.get_json(good.url("lms.example")).data == "good"
    assert bad.seen == []


def test_a_dead_first_address_does_not_hide_the_second(serve: Serve) -> None:
    alive = serve(says(b'"alive"'), host="127.0.0.2")
    with client(LOOPBACK, resolve=lambda _h, _p: ["127.0.0.9", "127.0.0.2"]) as outbound:
        assert outbound.get_json(alive.url("lms.example")).data == "alive"


def test_a_redirect_is_told_and_not_followed(serve: Serve) -> None:
    target = serve(says(b"{}"))
    server = serve(says(b"", status=302, Location="http://169.254.169.254/latest/meta-data"))
    error = trouble(client(), server.url())
    assert error.kind is Trouble.REDIRECT
    assert "169.254.169.254" in error.reason
    here = serve(says(b"", status=307, Location=target.url()))
    assert trouble(client(), here.url()).kind is Trouble.REDIRECT
    assert target.seen == []


def test_an_error_status_keeps_what_the_server_said(serve: Serve) -> None:
    server = serve(says(b"domain_targetlinkuri_mismatch", "text/plain", status=400))
    with client() as outbound, pytest.raises(OutboundError) as caught:
        outbound.post_json(server.url(), {})
    assert caught.value.kind is Trouble.STATUS
    assert caught.value.reply is not None
    assert caught.value.reply.status == 400
    assert caught.value.reply.text == "domain_targetlinkuri_mismatch"


def test_an_error_status_with_json_is_still_an_error(serve: Serve) -> None:
    server = serve(says(b'{"keys": []}', status=503))
    assert trouble(client(), server.url()).kind is Trouble.STATUS


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html>login</html>", "text/html"),
        (b'{"a": 1}', "text/html; charset=utf-8"),
        (b"hello", "application/json"),
        (b'{"a": NaN}', "application/json"),
        (b"[" * 200_000, "application/json"),
        (b"\xff\xfe\x00", "application/json"),
    ],
)
def test_what_is_not_json_is_an_error(serve: Serve, body: bytes, content_type: str) -> None:
    server = serve(says(body, content_type))
    assert trouble(client(), server.url()).kind is Trouble.NOT_JSON


def test_an_answer_at_the_cap_passes_and_one_over_it_does_not(serve: Serve) -> None:
    server = serve(says(b'"' + b"a" * 98 + b'"'))
    with client() as outbound:
        assert outbound.get_json(server.url(), cap=100).data == "a" * 98
    assert trouble(client(), server.url(), cap=99).kind is Trouble.TOO_LARGE


def test_an_endless_answer_is_cut_off(serve: Serve) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Connection", "close")
        handler.end_headers()
        while True:
            handler.wfile.write(b" " * 65536)

    assert trouble(client(), serve(endless).url()).kind is Trouble.TOO_LARGE


def test_a_packed_answer_is_unpacked_and_a_bomb_is_not(serve: Serve) -> None:
    fine = serve(says(gzip.compress(b'{"a": 1}'), Content_Encoding="gzip"))
    with client() as outbound:
        assert outbound.get_json(fine.url()).data == {"a": 1}
    bomb = serve(says(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"))
    assert trouble(client(), bomb.url()).kind is Trouble.TOO_LARGE
    strange = serve(says(b"x", Content_Encoding="br"))
    assert trouble(client(), strange.url()).kind is Trouble.PROTOCOL
    damaged = serve(says(b"not gzip", Content_Encoding="gzip"))
    assert trouble(client(), damaged.url()).kind is Trouble.PROTOCOL


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, each well within a read timeout."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def silent(_handler: BaseHTTPRequestHandler) -> None:
    """Say nothing for longer than anybody waits."""
    time.sleep(2)


@pytest.mark.parametrize("answer", [drip, silent])
def test_a_slow_server_is_given_up_after_the_total_time(serve: Serve, answer: Callable[..., None]) -> None:
    server = serve(answer)
    began = time.monotonic()
    error = trouble(client(total_seconds=0.4), server.url())
    assert error.kind is Trouble.TIMEOUT
    assert 0.3 < time.monotonic() - began < 1.5


def test_a_slow_name_server_is_given_up_too() -> None:
    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(1)
        return ["127.0.0.1"]

    began = time.monotonic()
    error = trouble(client(connect_seconds=0.2, resolve=slow), "https://lms.example/")
    assert error.kind is Trouble.TIMEOUT
    assert time.monotonic() - began < 0.9


def test_an_unknown_name_is_told() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise OSError("Name or service not known")

    error = trouble(client(resolve=nobody), "https://no-such.example/")
    assert error.kind is Trouble.UNKNOWN_HOST
    assert trouble(client(resolve=lambda _h, _p: []), "https://no-such.example/").kind is Trouble.UNKNOWN_HOST


def test_nobody_listening_is_told(serve: Serve) -> None:
    port = serve(says(b"{}")).port
    error = trouble(client(), f"http://127.0.0.3:{port}/")
    assert error.kind is Trouble.UNREACHABLE


def test_a_server_that_hangs_up_is_told(serve: Serve) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(2)
        handler.close_connection = True

    assert trouble(client(), serve(hang_up).url()).kind is Trouble.PROTOCOL


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example/path",
        "//lms.example/",
        "ftp://lms.example/",
        "file:///etc/passwd",
        "gopher://lms.example/",
        "https://",
        "https://user:secret@lms.example/",
        "https://lms.example:99999/",
        "https://lms.exa mple/\r\nX: y",
        "javascript:alert(1)",
    ],
)
def test_what_is_not_a_web_address_is_refused(url: str) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        raise OSError

    assert trouble(client(resolve=resolve), url).kind is Trouble.BAD_URL
    assert asked == []


def test_the_certificate_must_prove_the_name_although_we_connect_to_an_address(
    serve: Serve, certificates: Certificates
) -> None:
    server = serve(says(b"{}"), tls=certificates.server)

    def trusting() -> Outbound:
        return client(ssl_context=certificates.client, resolve=lambda _h, _p: ["127.0.0.1"])

    with trusting() as outbound:
        assert outbound.get_json(server.url("lms.example", scheme="https")).data == {}
    error = trouble(trusting(), server.url("other.example", scheme="https"))
    assert error.kind is Trouble.TLS
    assert "other.example" in error.reason


def test_a_certificate_nobody_vouches_for_is_refused(serve: Serve, certificates: Certificates) -> None:
    server = serve(says(b"{}"), tls=certificates.server)
    error = trouble(client(resolve=lambda _h, _p: ["127.0.0.1"]), server.url("lms.example", scheme="https"))
    assert error.kind is Trouble.TLS
    assert server.seen == []


def test_the_environment_cannot_put_a_proxy_in_between(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = serve(says(b'"proxy"')), serve(says(b'"server"'))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    with client() as outbound:
        assert outbound.get_json(server.url()).data == "server"
    assert proxy.seen == []


def test_cookies_of_one_answer_are_not_sent_with_the_next_request(serve: Serve) -> None:
    server = serve(says(b"{}", Set_Cookie="session=tenant-a; Path=/"))
    with client() as outbound:
        outbound.get_json(server.url())
        outbound.get_json(server.url())
    assert all("Cookie" not in asked.headers for asked in server.seen)


def test_many_threads_share_one_client_and_each_gets_its_own_answer(serve: Serve) -> None:
    def echo(handler: BaseHTTPRequestHandler) -> None:
        says(json.dumps(handler.path).encode())(handler)

    server = serve(echo)
    with client() as outbound, ThreadPoolExecutor(16) as threads:
        paths = [f"/{number}" for number in range(200)]
        answers = list(threads.map(lambda path: outbound.get_json(server.url(path=path)).data, paths))
    assert answers == paths


def test_a_connection_is_used_again_and_each_request_has_its_own_deadline(serve: Serve) -> None:
    ports: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ports.append(handler.client_address[1])
        says(b"{}")(handler)

    server = serve(answer)
    with client(total_seconds=0.5) as outbound:
        for _ in range(3):
            outbound.get_json(server.url())
            time.sleep(0.3)
    assert len(set(ports)) == 1


def test_a_client_that_nobody_closes_takes_its_connections_along(serve: Serve) -> None:
    server = serve(says(b"{}"))
    forgotten = client()
    forgotten.get_json(server.url())
    (connection,) = forgotten._pool.connections
    del forgotten
    assert connection.is_closed()
