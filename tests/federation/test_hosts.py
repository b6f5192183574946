"""Which hosts may be reached: every spelling of an address, and what names resolve to."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from kgtool.errors import InputError, QueryError, RemoteError
from kgtool.federation.addresses import addresses_of
from kgtool.federation.fetching import fetch
from kgtool.store.hosts import AllowedHosts, is_public, target_of

LISTED = ["data.example", "other.example:8890", "127.0.0.1:7878", "[::1]:7878", "10.0.0.5", "bücher.example"]


@pytest.mark.parametrize(
    "url",
    [
        "http://data.example/sparql",
        "https://data.example",
        "http://DATA.Example.:80/x?y=z#f",
        "https://data.example:443/",
        "http://other.example:8890/",
        "http://127.0.0.1:7878/",
        "http://[::1]:7878/",
        "http://[0:0::0:1]:7878/",
        "http://10.0.0.5/",
        "http://bücher.example/",
        "http://xn--bcher-kva.example/",
        "http://BÜCHER.example/",
        "http://data。example/",
    ],
)
def test_what_is_listed_may_be_reached(url: str) -> None:
    assert AllowedHosts.of(LISTED).check(url).host in {host for host, _ in AllowedHosts.of(LISTED).entries}


@pytest.mark.parametrize(
    "url",
    [
        "http://else.example/",
        "http://data.example.evil.example/",
        "http://evildata.example/",
        "http://data.example:8080/",
        "http://data.example:443/",
        "http://other.example/",
        "http://other.example:8891/",
        "http://127.0.0.1/",
        "http://127.0.0.1:7879/",
        "http://127.1:7878/",
        "http://2130706433:7878/",
        "http://0x7f.1:7878/",
        "http://0x7f000001:7878/",
        "http://0177.0.0.1:7878/",
        "http://127.0.0.1.:7879/",
        "http://127.0.0.01:7878/",
        "http://１２７.1:7878/",
        "http://0:7878/",
        "http://0.0.0.0:7878/",
        "http://[::ffff:127.0.0.1]:7878/",
        "http://[::]:7878/",
        "http://[fe80::1%25eth0]/",
        "http://localhost:7878/",
        "http://user@data.example/",
        "http://data.example@evil.example/",
        "http://data.example:pw@evil.example/",
        "http://evil.example\\@data.example/",
        "http://evil.example\\.data.example/",
        "http://data.example\t/",
        "http://data.example /",
        "http://data.example%2eevil.example/",
        "http://data.example:0/",
        "http://data.example:99999/",
        "http://data.example:８０/",
        "http:///sparql",
        "http:data.example/",
        "//data.example/",
        "ftp://data.example/",
        "file:///etc/passwd",
        "urn:x:y",
        "data:text/turtle,",
        "",
    ],
)
def test_all_else_is_refused_with_the_name_of_the_setting(url: str) -> None:
    with pytest.raises(QueryError, match="KGTOOL_FEDERATION") as refused:
        AllowedHosts.of(LISTED).check(url)
    assert url[:20] in str(refused.value) or target_of(url).host in str(refused.value)


@pytest.mark.parametrize(
    "entry", ["http://data.example", "data.example/sparql", "a@b", "data.example:0", "127.1", "a b", "*.x", ":80"]
)
def test_an_entry_that_is_no_host_is_an_error(entry: str) -> None:
    with pytest.raises(InputError, match="KGTOOL_FEDERATION lists"):
        AllowedHosts.of([entry])


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.0.1", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::"),
        *("fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.5"),
        *("::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "64:ff9b::a00:5", "2002:7f00:1::", "2002:a00:5::"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "100::1"),
    ],
)
def test_no_private_address_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "193.0.14.129", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"],
)
def test_others_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_listed_name_does_not_open_the_private_address_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("8.8.8.8", port)), (0, 0, 0, "", ("10.0.0.5", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)  # no name server here gives such answers
    target = target_of("http://data.example/")
    with pytest.raises(QueryError, match=r"data\.example leads to 10\.0\.0\.5"):
        addresses_of(target, AllowedHosts.of(["data.example"]), 5)
    both = addresses_of(target, AllowedHosts.of(["data.example", "10.0.0.5"]), 5)
    assert [str(address) for address in both] == ["8.8.8.8", "10.0.0.5"]


def test_localhost_is_reached_only_where_it_or_its_address_is_listed() -> None:
    target = target_of("http://localhost:7878/")
    found = addresses_of(target, AllowedHosts.of(["localhost:7878"]), 5)
    assert all(address.is_loopback for address in found)
    with pytest.raises(QueryError, match="no public address"):
        addresses_of(target, AllowedHosts.of(["else.example"]), 5)


def test_an_unknown_host_is_a_failure_that_names_it() -> None:
    hosts = AllowedHosts.of(["nowhere.invalid"])
    with pytest.raises(RemoteError, match=r"nowhere\.invalid"):
        fetch("http://nowhere.invalid/", hosts, accept="*/*", timeout=20, max_bytes=1)
