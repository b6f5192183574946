"""Who a client is, and how much it may send: never more than the rate allows, whichever process it reaches."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.config import Settings, settings_from
from kgtool.errors import InputError
from kgtool.web.app import create_app
from kgtool.web.clients import client_of_environ, fingerprint
from kgtool.web.rate_limit import Buckets, Rate
from kgtool.web.source import LoneSource

FAR = {"REMOTE_ADDR": "198.51.100.7"}
TOKEN = "the-right-one"


@contextmanager
def served(store: Path, **chosen: object) -> Iterator[FlaskClient]:
    told = Settings(store=store, read_only=True, query_workers=1, access_log="off", **chosen)  # type: ignore[arg-type]
    source = LoneSource(told)
    try:
        yield create_app(source, told).test_client()
    finally:
        source.close()


@pytest.mark.parametrize(
    ("environ", "trusted", "client"),
    [
        ({"REMOTE_ADDR": "192.0.2.1"}, (), "192.0.2.1"),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8"}, ("10.0.0.0/8",), "192.0.2.1"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8, 9.9.9.9"}, ("10.0.0.0/8",), "9.9.9.9"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "9.9.9.9, 10.0.0.2"}, ("10.0.0.0/8",), "9.9.9.9"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "9.9.9.9, nobody"}, ("10.0.0.1",), "10.0.0.1"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "9.9.9.9:4711"}, ("10.0.0.1",), "9.9.9.9"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_FORWARDED": 'for=1.1.1.1, for="[2001:db8::7]:80";proto=http'}, ("10.0.0.1",),
         "2001:db8::/64"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_FORWARDED": "for=unknown"}, ("10.0.0.1",), "10.0.0.1"),
        ({"REMOTE_ADDR": "2001:db8::1:2:3:4"}, (), "2001:db8::/64"),
        ({"REMOTE_ADDR": "::ffff:192.0.2.1"}, (), "192.0.2.1"),
        ({"REMOTE_ADDR": "::1"}, (), "::1"),
        ({}, (), "unknown"),
    ],
)  # fmt: skip
def test_the_client_is_the_right_most_address_that_no_trusted_proxy_has(
    environ: dict[str, str], trusted: tuple[str, ...], client: str
) -> None:
    assert client_of_environ(environ, trusted) == client


@settings(max_examples=50, deadline=None)
@given(st.text('for=;, "[]:.%09aé', max_size=40), st.text("0123:.,[]% aé", max_size=40))
def test_no_header_field_breaks_the_search_for_the_client(forwarded: str, chain: str) -> None:
    for environ in ({"HTTP_FORWARDED": forwarded}, {"HTTP_X_FORWARDED_FOR": chain}):
        assert client_of_environ({"REMOTE_ADDR": "10.0.0.1", **environ}, ("10.0.0.1",))


def test_a_fingerprint_tells_tokens_apart_and_holds_none() -> None:
    assert len(fingerprint(f"Bearer {TOKEN}")) == 8
    assert fingerprint(f"Bearer {TOKEN}") == fingerprint(f"bearer  {TOKEN} ") != fingerprint("Bearer another")
    assert fingerprint("Basic abc") == ""


def test_wrong_settings_are_told() -> None:
    for name, text in (("KGTOOL_TRUSTED_PROXIES", "proxy.example"), ("KGTOOL_RATE", "-1"), ("KGTOOL_METRICS", "maybe")):
        with pytest.raises(InputError, match=name):
            settings_from({name: text})


@settings(max_examples=60, deadline=None)
@given(
    rate=st.floats(0.5, 1000),
    burst=st.integers(1, 50) | st.integers(128, 400),
    pauses=st.lists(st.floats(0, 0.5), min_size=1, max_size=400),
)
def test_no_window_of_time_lets_more_pass_than_rate_and_burst(rate: float, burst: int, pauses: list[float]) -> None:
    limit = Rate("requests", rate, burst)
    buckets = Buckets()
    now, passed = 1000.0, []
    for pause in pauses:
        now += pause
        wait = buckets.take("a", limit, now=now)
        if wait:
            assert buckets.wait("a", limit, now=now) == wait
            assert buckets.wait("a", limit, now=now + wait + 1e-6) == 0
        else:
            passed.append(now)
    for start, first in enumerate(passed):
        for end in range(start, len(passed)):
            assert end - start + 1 <= rate * (passed[end] - first) + burst + limit.ahead - 1 + 1e-3
    if limit.ahead == 1:
        assert len(passed) >= min(burst, len(pauses))


def test_of_a_large_burst_a_part_is_taken_at_once_and_none_is_lost_by_that(tmp_path: Path) -> None:
    limit = Rate("requests", 1, 640)
    assert limit.ahead == 10
    ours, theirs = Buckets(tmp_path), Buckets(tmp_path)
    assert ours.take("a", limit, now=5.0) == 0
    assert sum(theirs.take("a", limit, now=5.0) == 0 for _ in range(1000)) == 630  # the others are with us
    assert sum(ours.take("a", limit, now=5.5) == 0 for _ in range(100)) == 9
    assert ours.take("a", limit, now=5.5) == pytest.approx(0.5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=300))
def test_at_one_moment_never_more_than_the_burst_pass(order: list[int]) -> None:
    limit, tables = Rate("requests", 1, 256), [Buckets()] * 4
    assert sum(tables[number].take("a", limit, now=5.0) == 0 for number in order * 4) == min(256, 4 * len(order))


def _hammer(buckets: Buckets, until: float, passed: multiprocessing.Queue[int]) -> None:
    limit, count = Rate("requests", 200, 20), 0
    while time.monotonic() < until:
        count += buckets.take("one client", limit) == 0
    passed.put(count)


def test_two_processes_share_a_bucket(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    passed: multiprocessing.Queue[int] = context.Queue()
    begun = time.monotonic()
    # One opens the table before the fork, as the supervisor does; the other has its own, as after a restart.
    tables = [Buckets(tmp_path), Buckets(tmp_path)]
    processes = [context.Process(target=_hammer, args=(table, begun + 0.8, passed)) for table in tables]
    for process in processes:
        process.start()
    total = sum(passed.get(timeout=30) for _ in processes)
    took = time.monotonic() - begun
    for process in processes:
        process.join(30)
    assert 20 <= total <= 200 * took + 20
    assert tables[0].wait("another client", Rate("requests", 200, 20)) == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=300))
def test_many_clients_do_not_take_each_other_s_share(order: list[int]) -> None:
    buckets, limit = Buckets(), Rate("requests", 1, 2)
    taken: dict[int, int] = {}
    for number in order:
        taken[number] = taken.get(number, 0) + 1
        assert (buckets.take(f"client {number}", limit, now=5.0) == 0) == (taken[number] <= 2)


def test_beyond_its_rate_a_client_is_told_when_to_come_back(small_store: Path) -> None:
    with served(small_store, rate=0.01, rate_burst=3) as client:
        answers = [client.get("/sparql?query=ASK{}", environ_base=FAR) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert answers[-1].content_type == "application/problem+json"
        assert client.get("/sparql?query=ASK{}", environ_base={"REMOTE_ADDR": "198.51.100.8"}).status_code == 200
        assert client.get("/sparql?query=ASK{}").status_code == 200, "this machine has a bucket of its own"
        for path in ("/health", "/ready", "/metrics"):
            assert client.get(path, environ_base=FAR).status_code == 200


def test_by_default_this_machine_sends_what_it_likes(small_store: Path) -> None:
    with served(small_store) as client:
        assert {client.get("/health").status_code for _ in range(10)} == {200}
        codes = [client.get("/no/page").status_code for _ in range(300)]
        assert set(codes) == {404}
        far = [client.get("/no/page", environ_base=FAR).status_code for _ in range(300)]
        assert far[:200] == [404] * 200
        assert 429 in far
    with served(small_store, rate=0.0) as client:
        assert {client.get("/no/page", environ_base=FAR).status_code for _ in range(300)} == {404}


def _write(client: FlaskClient, token: str, environ: dict[str, str]) -> int:
    return client.post(
        "/sparql", data={"update": "CLEAR ALL"}, headers={"Authorization": f"Bearer {token}"}, environ_base=environ
    ).status_code


@pytest.mark.parametrize("environ", [{}, FAR])
def test_who_guesses_tokens_is_stopped(small_store: Path, environ: dict[str, str]) -> None:
    with served(small_store, write_token=TOKEN) as client:
        assert [_write(client, f"guess {number}", environ) for number in range(12)] == [403] * 10 + [429] * 2
        assert _write(client, TOKEN, environ) == 429, "a right guess is not told either"
        assert _write(client, TOKEN, {"REMOTE_ADDR": "203.0.113.9"}) == 403, "read-only, and no guess of this client's"
        assert client.get("/sparql?query=ASK{}", environ_base=environ).status_code == 200


def test_the_right_token_is_no_guess(small_store: Path) -> None:
    with served(small_store, write_token=TOKEN) as client:
        assert {_write(client, TOKEN, {}) for _ in range(20)} == {403}  # the service is read-only


def test_the_table_is_shared_and_private(tmp_path: Path) -> None:
    assert Buckets(tmp_path).take("a", Rate("requests", 1, 1), now=1.0) == 0
    assert Buckets(tmp_path).take("a", Rate("requests", 1, 1), now=1.0) > 0
    assert (tmp_path / "rates").stat().st_mode & 0o777 == 0o600
