"""Ten minutes of everything at once: nothing grows, and no answer is one that should not be.

KGTOOL_TRIAL_MINUTES makes it shorter or longer.
"""

from __future__ import annotations

import collections
import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import pytest

from tests.trials import processes
from tests.trials.runaways import BURNING
from tests.trials.services import Service
from tests.trials.stores import CROWD, NUMBERS, make_store
from tests.trials.wire import connect
from tests.trials.writers import insertion

MINUTES = float(os.environ.get("KGTOOL_TRIAL_MINUTES", "10"))
CLIENTS = 8
QUERIES = (
    "SELECT * { ?s ?p ?o } LIMIT 100",
    "SELECT (COUNT(*) AS ?n) { ?s a <urn:Animal> }",
    "SELECT ?b (COUNT(*) AS ?n) { ?a <urn:knows> ?b } GROUP BY ?b ORDER BY DESC(?n) LIMIT 5",
    "DESCRIBE <urn:n7>",
    "CONSTRUCT { ?a <urn:x> ?b } WHERE { ?a <urn:knows> ?b } LIMIT 500",
    "ASK { <urn:k1> <urn:knows>+ <urn:k2> }",
    'SELECT ?a { ?a <urn:text> ?t FILTER(REGEX(?t, "9$")) }',
    "SELECT * { ?a <urn:knows> ?b . ?b <urn:number> ?n }",
)
PAGES = ("/", "/health", "/ready", "/.well-known/void", "/ontology", "/export?format=nquads", "/nothing", "/explain")
BAD = ("SELECT", "ASK { foaf:x ?p ?o }", "SELECT * " + "{" * 4000, "INSERT DATA { <urn:a> <urn:p> }")


@dataclass(frozen=True)
class Sample:
    """What the service used at one moment."""

    memory: int
    threads: int
    files: int
    snapshots: int


def sample(service: Service) -> Sample:
    family = service.family()
    snapshots = [path for path in (service.store / "snapshots").glob("*") if path.is_dir()]
    return Sample(processes.resident(family), processes.threads(family), processes.open_files(family), len(snapshots))


class Load:
    """A client that does one thing after another, and counts what it was told."""

    def __init__(self, service: Service, seed: float, numbers: collections.deque[int]) -> None:
        self.service = service
        self.chance = random.Random(seed)
        self.numbers = numbers
        self.told: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []

    def step(self) -> None:
        kinds: tuple[tuple[int, Callable[[], None]], ...] = (
            (50, self.query), (12, self.write), (10, self.page), (8, self.bad), (5, self.leave), (1, self.runaway),
        )  # fmt: skip
        (chosen,) = self.chance.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])
        try:
            chosen()
        except OSError as error:
            self.wrong.append(f"{chosen.__name__}: {error!r}")

    def expect(self, kind: str, status: int, *expected: int) -> None:
        self.told[f"{kind} {status}"] += 1
        if status not in (*expected, 503):
            self.wrong.append(f"{kind}: {status}")

    def query(self) -> None:
        self.expect("query", self.service.query(self.chance.choice(QUERIES)).status, 200)

    def page(self) -> None:
        self.expect("page", self.service("GET", self.chance.choice(PAGES)).status, 200, 303, 400, 404)

    def bad(self) -> None:
        self.expect("bad", self.service.query(self.chance.choice(BAD)).status, 400, 413)

    def runaway(self) -> None:
        self.expect("runaway", self.service.query(self.chance.choice(BURNING), timeout=60).status, 504)

    def write(self) -> None:
        """Add a thing, and remove an old one: the graph keeps its size."""
        number = self.chance.randrange(10**9)
        self.numbers.append(number)
        self.expect("write", self.service.update(insertion(number)).status, 200)
        if len(self.numbers) > 200:
            old = f"<urn:w:{self.numbers.popleft()}>"
            text = f"DELETE {{ GRAPH ?g {{ {old} ?p ?o }} }} WHERE {{ GRAPH ?g {{ {old} ?p ?o }} }}"
            self.expect("removal", self.service.update(text).status, 200)

    def leave(self) -> None:
        path = "/sparql?" + urlencode({"query": self.chance.choice([*BURNING, *QUERIES])})
        with closing(connect(self.service.port)) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(self.chance.uniform(0, 0.2))
        self.told["left"] += 1


@pytest.mark.long
@pytest.mark.timeout(int(MINUTES * 60) + 300)
def test_ten_minutes_of_everything(tmp_path: Path, chance: random.Random, service: Callable[..., Service]) -> None:
    store = make_store(tmp_path / "store", numbers=NUMBERS, crowd=CROWD)
    limits = {"KGTOOL_QUERY_TIMEOUT": "2", "KGTOOL_QUERY_MEMORY": "256", "KGTOOL_QUERY_WORKERS": "4"}
    one = service(store, **limits)
    numbers: collections.deque[int] = collections.deque()
    loads = [Load(one, chance.random(), numbers) for _ in range(CLIENTS)]
    stop = threading.Event()

    def run(load: Load) -> None:
        while not stop.is_set():
            load.step()

    clients = [threading.Thread(target=run, args=(load,), daemon=True) for load in loads]
    for client in clients:
        client.start()
    samples = []
    end = time.monotonic() + MINUTES * 60
    while time.monotonic() < end:
        time.sleep(min(2.0, MINUTES))
        samples.append(sample(one))
    stop.set()
    for client in clients:
        client.join(60)
    told = sum((load.told for load in loads), collections.Counter())
    print(dict(told), samples[len(samples) // 10], samples[-1])
    assert [wrong for load in loads for wrong in load.wrong] == []
    assert min(told[kind] for kind in ("query 200", "write 200", "bad 400", "left", "runaway 504")) > 0
    assert told["query 503"] < told["query 200"] / 10
    check_flat(samples[len(samples) // 10 :])  # once it is warm
    assert one.answers()


def check_flat(samples: list[Sample]) -> None:
    """Assert that the second half used no more than the first."""
    middle = len(samples) // 2
    for name, slack in (("memory", 20), ("threads", 4), ("files", 20)):
        first, second = ([getattr(one, name) for one in half] for half in (samples[:middle], samples[middle:]))
        assert median(second) <= 1.1 * median(first) + slack, (name, median(first), median(second))
        assert max(second) <= 1.3 * max(first) + slack, (name, max(first), max(second))
    assert max(one.snapshots for one in samples) <= 20
