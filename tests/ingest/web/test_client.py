"""One page: who asks, how often, what is tried again, where it may come from, how large it may be."""

from __future__ import annotations

import gzip
import ipaddress
import json
import shutil
import ssl
import subprocess
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from kgtool.errors import InputError, LimitError, ParseError, RemoteError
from kgtool.ingest.web import Client, Manners, Request, Secrets
from kgtool.ingest.web.connecting import Homes
from kgtool.ingest.web.json_pages import json_body

from .server import Asked, Registry, Told, running

GOOD = Told(b'{"a": 1}', headers={"Content-Type": "application/json"})


def test_the_client_says_who_it_is_and_what_it_wants(registry: Registry, client: Client) -> None:
    client.get(Request(f"{registry.url}/a", (("q", "é&="),), accept="application/ld+json"))
    (asked,) = registry.asked
    assert asked.headers["User-Agent"] == "kgtool/test"
    assert asked.headers["Accept"] == "application/ld+json"
    assert (asked.path, asked.parameters) == ("/a", {"q": "é&="})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_failure_that_passes_is_tried_again_later_each_time(registry, client, waited, said, status) -> None:
    registry.script(Told(b"busy", status), Told(b"busy", status), Told(b"busy", status), GOOD)
    assert client.get(Request(registry.url)).content == GOOD.body
    assert len(registry.asked) == 4
    backoff = [wait for wait in waited.waits if wait > 0.25]
    assert 0.5 <= backoff[0] <= 1 <= backoff[1] <= 2 <= backoff[2] <= 4
    assert all(str(status) in words for words in said)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_failure_that_stays_is_not_tried_again(registry, client, status) -> None:
    registry.script(Told(b"you may\x1b[2J not", status))
    with pytest.raises(RemoteError, match=f"answered {status}: you may.*not") as caught:
        client.get(Request(registry.url))
    assert "\x1b" not in str(caught.value)
    assert len(registry.asked) == 1


def test_what_is_not_there_is_an_answer_where_that_is_wanted(registry: Registry, client: Client) -> None:
    registry.script(Told(b"", 404))
    assert client.get(Request(registry.url), answers=(404,)).status == 404


def test_after_the_last_attempt_the_person_is_told(registry: Registry, client: Client) -> None:
    registry.script(Told(b"", 503))
    with pytest.raises(RemoteError, match="failed 6 times, at last: answered 503"):
        client.get(Request(registry.url))
    assert len(registry.asked) == 6


@pytest.mark.parametrize("field", ["7", "Sun, 01 Mar 2026 12:00:07 GMT"])
def test_retry_after_is_obeyed(registry: Registry, client: Client, waited, field: str) -> None:
    registry.script(Told(b"", 429, {"Retry-After": field}), GOOD)
    client.get(Request(registry.url))
    first, second = registry.asked
    assert second.at - first.at >= 7 - 0.001
    assert waited.waits[0] == 7


def test_a_long_retry_after_ends_the_run_and_says_when_to_come_back(registry: Registry, client: Client, waited) -> None:
    registry.script(Told(b"", 429, {"Retry-After": "7200"}))
    with pytest.raises(RemoteError, match="come back at 2026-03-01 14:00 UTC"):
        client.get(Request(registry.url))
    assert waited.waits == []


def test_a_retry_after_that_says_nothing_leaves_the_back_off(registry: Registry, client: Client, waited) -> None:
    registry.script(Told(b"", 503, {"Retry-After": "soon"}), GOOD)
    client.get(Request(registry.url))
    assert 0.5 <= waited.waits[0] <= 1


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_breaks_off_is_asked_for_again(registry, client, said, chunked: bool) -> None:
    registry.script(Told(GOOD.body, cut=4, chunked=chunked), GOOD)
    assert client.get(Request(registry.url)).content == GOOD.body
    assert "broke off" in said[0]


def test_json_that_was_cut_before_it_was_sent_is_asked_for_again(registry: Registry, client: Client) -> None:
    registry.script(Told(b'{"a": '), GOOD)
    assert client.get(Request(registry.url), check=json_body).content == GOOD.body


def test_json_that_stays_cut_is_an_error(registry: Registry, client: Client) -> None:
    registry.script(Told(b'{"a": '))
    with pytest.raises(RemoteError, match="no JSON"):
        client.get(Request(registry.url), check=json_body)
    assert len(registry.asked) == 3


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 5_000, b"[]", b"\xff{}", b"", b"NaN"])
def test_what_is_no_json_object_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ParseError):
        json_body(body)


def test_no_server_at_all(client: Client, waited) -> None:
    with running() as gone:
        url = gone.url
    with pytest.raises(RemoteError, match="failed 6 times"):
        client.get(Request(url))
    assert len(waited.waits) >= 5


def test_requests_to_a_host_keep_their_distance(registry: Registry, client: Client) -> None:
    for number in range(5):
        client.get(Request(f"{registry.url}/{number}"))
    times = [asked.at for asked in registry.asked]
    assert [round(later - earlier, 3) for earlier, later in pairwise(times)] == [0.25] * 4


def test_clients_that_share_locks_ask_a_host_one_at_a_time(registry: Registry, tmp_path) -> None:
    def slowly(asked: Asked) -> Told:
        time.sleep(0.002)
        return Told()

    registry.answer = slowly
    together = threading.Barrier(4)

    def ask() -> None:
        mine = Client("kgtool/test", Manners(gap=0), locks=tmp_path)
        together.wait()
        for _ in range(5):
            mine.get(Request(registry.url))
        mine.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.asked) == 20
    assert registry.most_at_once == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told(registry: Registry, client: Client, status: int) -> None:
    registry.answer = lambda asked: GOOD if asked.path == "/b" else Told(b"", status, {"Location": "/b?x=1"})
    answer = client.get(Request(f"{registry.url}/a", body=b"q", media_type="text/plain"))
    assert answer.url == f"{registry.url}/b?x=1"
    assert registry.asked[1].method == ("POST" if status in (307, 308) else "GET")


def test_redirects_have_an_end(registry: Registry, client: Client) -> None:
    registry.script(Told(b"", 302, {"Location": "/again"}))
    with pytest.raises(RemoteError, match="redirects more than 5 times"):
        client.get(Request(registry.url))


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "ftp://example.org/", "http://user@example.org/", "http://[", ""]
)
def test_redirects_lead_to_http_only(registry: Registry, client: Client, place: str) -> None:
    registry.script(Told(b"", 302, {"Location": place}))
    with pytest.raises(RemoteError, match="redirects"):
        client.get(Request(registry.url))


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server of this machine needs to be trusted, for as long as a test lasts."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("no openssl to make a certificate with")
    made = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "crt"), "-days", "2"]
    name = ["-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made, *name], check=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "crt"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    return context


def test_redirects_stay_with_https(registry: Registry, waited, trusted: ssl.SSLContext) -> None:
    with running(trusted) as secure:
        client = Client("kgtool/test", clock=waited.clock())
        client.get(Request(registry.url))  # so that both are places that the user named
        secure.answer = lambda asked: Told(b"", 302, {"Location": {"/a": "/b", "/b": f"{registry.url}/c"}[asked.path]})
        with pytest.raises(RemoteError, match=r"redirects to .*from https to http"):
            client.get(Request(f"{secure.url}/a"))
        assert [asked.path for asked in secure.asked] == ["/a", "/b"]
        assert len(registry.asked) == 1
        registry.script(Told(b"", 302, {"Location": f"{secure.url}/d"}))
        secure.answer = lambda asked: GOOD
        assert client.get(Request(registry.url)).url == f"{secure.url}/d"
        client.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "[::ffff:7f00:1]"])
def test_redirects_lead_to_no_private_address(registry: Registry, client: Client, host: str) -> None:
    with running() as inner:
        port = inner.url.rpartition(":")[2]
        registry.script(Told(b"", 302, {"Location": f"http://{host}:{port}/"}))
        with pytest.raises(RemoteError, match="no public address"):
            client.get(Request(registry.url))
        assert inner.asked == []


def test_a_host_that_was_public_does_not_become_private() -> None:
    homes = Homes()
    homes.add("registry.example", 443)
    assert homes.allow("registry.example", 443, ipaddress.ip_address("93.184.215.14"))
    assert not homes.allow("registry.example", 443, ipaddress.ip_address("127.0.0.1"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "example.org", "http://", "http://a b/", "http://u:p@example.org/"]
)
def test_what_is_no_url_is_refused_before_anything_is_asked(client: Client, url: str) -> None:
    with pytest.raises(InputError, match="cannot be asked"):
        client.get(Request(url))


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_that_is_too_large_is_a_limit(registry: Registry, waited, packed: bool) -> None:
    large = b" " * 5_000_000
    told = Told(gzip.compress(large), headers={"Content-Encoding": "gzip"}) if packed else Told(large)
    registry.script(told)
    client = Client("kgtool/test", Manners(max_bytes=2**20), clock=waited.clock())
    with pytest.raises(LimitError, match="more than 1 MB"):
        client.get(Request(registry.url))
    assert len(registry.asked) == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_comes_byte_by_byte_has_an_end(registry: Registry, chunked: bool) -> None:
    registry.script(Told(b" " * 200, dribbled=0.01, cut=150, chunked=chunked))
    client = Client("kgtool/test", Manners(attempts=1, whole=0.2))
    with pytest.raises(RemoteError, match=r"took longer than 0\.2 s"):
        client.get(Request(registry.url))


def test_secrets_go_to_their_origin_and_are_told_to_nobody(registry: Registry, waited, said) -> None:
    with running() as other:
        secrets = Secrets(registry.url, {"Authorization": "Bearer s3cret"}, {"api_key": "k3y"})
        client = Client("kgtool/test", secrets=secrets, note=said.append, clock=waited.clock())
        registry.script(Told(b"", 500), Told(b"no", 403))
        with pytest.raises(RemoteError) as caught:
            client.get(Request(f"{registry.url}/a", (("q", "1"),)))
        assert registry.asked[0].headers["Authorization"] == "Bearer s3cret"
        assert registry.asked[0].parameters == {"q": "1", "api_key": "k3y"}
        registry.script(GOOD)
        answer = client.get(Request(f"{registry.url}/a"))
        client.get(Request(f"{other.url}/a"))
        assert "Authorization" not in other.asked[0].headers
        assert other.asked[0].parameters == {}
    told = " ".join([str(caught.value), answer.url, repr(client), *said])
    assert "s3cret" not in told
    assert "k3y" not in told


def test_validators_are_sent_and_304_is_an_answer(registry: Registry, client: Client) -> None:
    def answer(asked: Asked) -> Told:
        return Told(b"", 304) if asked.headers.get("If-None-Match") == '"1"' else GOOD

    registry.answer = answer
    day = "Sun, 01 Mar 2026 00:00:00 GMT"
    assert client.get(Request(registry.url), etag='"1"', last_modified=day).status == 304
    assert registry.asked[0].headers["If-Modified-Since"] == day
    assert client.get(Request(registry.url), etag='"2"').content == GOOD.body


def test_json_bodies_keep_their_letters() -> None:
    assert json_body(json.dumps({"é": "\u202e"}).encode()) == {"é": "\u202e"}
