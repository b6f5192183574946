"""Requests a second of two servers, in rounds that take turns, as the machine's speed changes for minutes at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from _measuring import median
from _serving_data import Data, look_up, many_rows, path_of
from _serving_load import GENERATOR, Round, load
from _serving_processes import Server

CONNECTIONS = 16


@dataclass(frozen=True)
class Rounds:
    """The rounds of two servers, the first against the second: A B A B …

    :param ratio: the median of the rounds' ratios.
    """

    ratio: float
    rates: dict[str, float]
    rounds: dict[str, list[Round]]

    def as_json(self) -> dict[str, object]:
        rounds = {name: [asdict(one) for one in several] for name, several in self.rounds.items()}
        return {"ratio": self.ratio, "requests a second": self.rates, "rounds": rounds, "client": GENERATOR}


def cheap(servers: Sequence[Server], data: Data, work: Path, *, rounds: int, seconds: float) -> Rounds:
    """Look up another subject with each request."""
    assert_alike(servers, [look_up(subject) for subject in data.subjects[:20]])

    def paths(server: Server) -> list[str]:
        return [path_of(server.endpoint, look_up(subject)) for subject in data.subjects]

    # Each round goes on where an earlier one cannot have been: nobody is asked the same twice.
    return compared(servers, paths, work, rounds=rounds, seconds=seconds, step=len(data.subjects) // (rounds + 1))


def ten_thousand_rows(servers: Sequence[Server], work: Path, *, rounds: int, seconds: float) -> Rounds:
    """Ask for 10,000 rows as JSON, in other words with each request."""
    sizes = {}
    for server in servers:
        status, body = server.get(path_of(server.endpoint, many_rows(0)))
        assert status == 200, f"{server.name} answers {status}"
        sizes[server.name] = (len(json.loads(body)["results"]["bindings"]), len(body))
    (rows, size), (other_rows, other_size) = (sizes[server.name] for server in servers)
    assert rows == other_rows, sizes
    assert 0.8 < size / other_size < 1.25, sizes  # which rows they are is each server's choice

    def paths(server: Server) -> list[str]:
        return [path_of(server.endpoint, many_rows(number)) for number in range(5_000)]

    return compared(servers, paths, work, rounds=rounds, seconds=seconds, step=5_000 // (rounds + 1))


def compared(
    servers: Sequence[Server],
    paths: Callable[[Server], list[str]],
    work: Path,
    *,
    rounds: int,
    seconds: float,
    step: int = 0,
    accept: str = "application/sparql-results+json",
) -> Rounds:
    """Let two servers take turns under the same load; a short round of each before warms them up.

    A round in which the second one answered nothing does not count.

    :raises AssertionError: if the first one refuses or breaks off anything.
    :raises RuntimeError: if no round counts.
    """
    found: dict[str, list[Round]] = {server.name: [] for server in servers}
    listed = {server.name: paths(server) for server in servers}
    for number in range(rounds + 1):
        for server in servers:
            length = seconds if number else min(seconds, 2)
            got = load(
                server,
                listed[server.name],
                work,
                seconds=length,
                connections=CONNECTIONS,
                offset=number * step,
                accept=accept,
            )
            if number:
                found[server.name].append(got)
    ours, theirs = (found[server.name] for server in servers)
    assert not sum(one.failed for one in ours), f"{servers[0].name} refused requests: {ours}"
    ratios = [mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True) if other.rate]
    if not ratios:
        raise RuntimeError(f"{servers[1].name} answered nothing in {seconds} s: the machine is too busy to measure")
    ratio = median(ratios)
    return Rounds(ratio, {name: median([one.rate for one in several]) for name, several in found.items()}, found)


def _of(term: dict[str, str]) -> str:
    """Give a term's value; each store names blank nodes as it likes."""
    return "_:" if term["type"] == "bnode" else term["value"]


def assert_alike(servers: Sequence[Server], queries: Sequence[str]) -> None:
    """Hold that the servers give the same rows, or their rates mean nothing."""
    for query in queries:
        answers = []
        for server in servers:
            status, body = server.get(path_of(server.endpoint, query))
            assert status == 200, f"{server.name} answers {status}: {body[:500]!r}"
            rows = json.loads(body)["results"]["bindings"]
            answers.append({(row["p"]["value"], _of(row["o"])) for row in rows})
        assert answers[0], query
        assert all(answer == answers[0] for answer in answers), query
