"""Stores to serve, and servers that really listen, each in a process of its own."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource
from tests.questions.sample import write_folder

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "a-token-of-tests"
#: What the small store says: two graphs that share a triple, and enough things for a query that never ends.
SMALL = {
    "urn:g:one": '<urn:a> <urn:p> "one"@en ; <urn:q> <urn:b> .',
    "urn:g:two": '<urn:a> <urn:p> "one"@en . <urn:c> <urn:p> 3 .',
    "urn:g:many": "\n".join(f'<urn:n{i}> <urn:number> {i} ; <urn:text> "text {i}" .' for i in range(1000)),
    "urn:g:schema": (
        "<urn:Cat> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:Animal> . <urn:tom> a <urn:Cat> ."
    ),
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[str]

    def connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def __call__(
        self, method: str, path: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = self.connection()
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def query(self, text: str, accept: str | None = None, **parameters: str) -> Answer:
        path = "/sparql?" + urlencode({"query": text, **parameters})
        return self("GET", path, headers={"Accept": accept} if accept else {})


def environment(**settings: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KGTOOL_") and k != "PORT"}
    return {**kept, "PYTHONPATH": str(ROOT), "PORT": "0", **settings}


@contextmanager
def serving(store: Path, log: Path, **settings: str) -> Iterator[Server]:
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "server.py")],
            env=environment(KGTOOL_STORE=str(store), **settings),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("kgtool serves "):
                break
        else:
            pytest.fail(f"no server: {said}")
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=errors)
        try:
            yield Server(said[-1].split()[-1], process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            drain.wait(30)


def make_small(store: Path) -> Path:
    with KnowledgeGraph.open(store, write=True, create=True) as graph:
        sources = [
            source
            for name, text in SMALL.items()
            for source in sources_of_bytes(text.encode(), name=name, graph=name, format="turtle")
        ]
        graph.load(sources)
    return store


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that ``small`` serves: nobody else may write to it."""
    return make_small(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture
def own_store(tmp_path: Path) -> Path:
    """A store for one test."""
    return make_small(tmp_path / "store")


@pytest.fixture(scope="session")
def region_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged ontology and data, which ``region`` reads."""
    store = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store)
    return store


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small graph with questions of its own, which ``sample`` serves."""
    place = tmp_path_factory.mktemp("sample")
    KnowledgeGraph.build(place / "store", [write_folder(place / "folder")])
    return place / "store"


@pytest.fixture(scope="session")
def sample(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "sample.log"
    with serving(sample_store, log, KGTOOL_QUERY_WORKERS="1", KGTOOL_READ_ONLY="1") as server:
        yield server


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., object]:
    def start(store: Path, **settings: str) -> object:
        return serving(store, tmp_path / "server.log", **settings)

    return start


@pytest.fixture(scope="session")
def small(small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the small store that takes writes."""
    log = tmp_path_factory.mktemp("log") / "small.log"
    limits = {"KGTOOL_QUERY_WORKERS": "2", "KGTOOL_QUERY_MEMORY": "256", "KGTOOL_MAX_BODY": "1"}
    with serving(small_store, log, KGTOOL_WRITE_TOKEN=TOKEN, **limits) as server:
        yield server


@pytest.fixture(scope="session")
def region(region_store: Path) -> Iterator[FlaskClient]:
    settings = Settings(store=region_store, query_workers=1, read_only=True)
    source = LoneSource(settings)
    yield create_app(source, settings).test_client()
    source.close()
