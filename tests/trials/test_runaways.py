"""Queries that would run for ever, each beside a neighbour that asks something cheap twenty times a second."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.trials import processes
from tests.trials.neighbour import BOUND, Neighbour
from tests.trials.runaways import BURNING, RUNAWAYS
from tests.trials.services import Service, running
from tests.trials.stores import CROWD, NUMBERS, make_store
from tests.trials.wire import Answer, connect

LIMIT = 2.0
MEMORY = 256
#: MB that the whole service may hold more than before, when a runaway is gone.
GROWTH = 150


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store to copy."""
    return make_store(tmp_path_factory.mktemp("runaways") / "store", numbers=NUMBERS, crowd=CROWD)


@contextmanager
def copied(made: Path, place: Path, **settings: str) -> Iterator[Service]:
    """Run a service on a copy of a store."""
    limits = {"KGTOOL_QUERY_TIMEOUT": f"{LIMIT:g}", "KGTOOL_QUERY_MEMORY": str(MEMORY), "KGTOOL_MAX_BODY": "16"}
    with running(shutil.copytree(made, place / "store"), **{**limits, **settings}) as service:
        yield service


@pytest.fixture(scope="module")
def limited(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with copied(made, tmp_path_factory.mktemp("limited"), KGTOOL_QUERY_WORKERS="6") as service:
        yield service


def check_end(answer: Answer, slowness: float) -> None:
    """Assert that a runaway ended within a second of its limit, and with no 200 that only looks whole.

    :param slowness: the longest that a cheap query took meanwhile: a machine that is busy with other things.
    """
    if answer.status == 200:
        assert answer.cut, f"a cut answer that looks whole: {answer.body[-200:]!r}"
    else:
        assert answer.status in (400, 413, 504), (answer.status, answer.body[:500])
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.body)["status"] == answer.status
    assert answer.seconds < LIMIT + 1 + slowness


def beside_a_neighbour(service: Service, *kinds: str) -> None:
    before = processes.resident(service.family())
    with Neighbour(service) as neighbour:
        time.sleep(0.1)
        answers = at_once(service, tuple(RUNAWAYS[kind] for kind in kinds))
        time.sleep(0.1)
    neighbour.check()
    for answer in answers:
        # What a good optimizer answers is nothing to complain of: it has to be whole and quick.
        if not (answer.status == 200 and not answer.cut and answer.seconds < LIMIT and _is_json(answer.body)):
            check_end(answer, max(neighbour.seconds))
    assert service.answers()
    assert processes.eventually(lambda: processes.resident(service.family()) < before + GROWTH, 3)


@pytest.mark.parametrize("first", range(0, len(RUNAWAYS), 3))
def test_runaways_end_and_their_neighbour_does_not_notice(limited: Service, first: int) -> None:
    beside_a_neighbour(limited, *[*RUNAWAYS][first : first + 3])


@pytest.mark.long
@pytest.mark.parametrize("kind", RUNAWAYS)
def test_each_runaway_alone_ends(limited: Service, kind: str) -> None:
    beside_a_neighbour(limited, kind)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def test_four_runaways_at_once(limited: Service) -> None:
    with Neighbour(limited) as neighbour:
        answers = at_once(limited, BURNING)
    neighbour.check()
    for answer in answers:
        check_end(answer, max(neighbour.seconds))
        assert answer.status == 504


def at_once(service: Service, texts: tuple[str, ...], source: str | None = None) -> list[Answer]:
    answers: list[Answer] = []

    def ask(text: str) -> None:
        answers.append(service.query(text, timeout=60, source=source))

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(texts)
    return answers


def test_sixteen_runaways_at_once_are_more_than_is_taken(made: Path, tmp_path: Path) -> None:
    """One client floods; some of its queries are told to come back, and another client has its turn all the same."""
    with copied(made, tmp_path, KGTOOL_QUERY_WORKERS="2", KGTOOL_QUERY_WAIT="3") as service:
        with Neighbour(service, source="127.0.0.2") as neighbour:
            answers = at_once(service, BURNING * 4, source="127.0.0.3")
        assert {answer.status for answer in answers} == {503, 504}
        for answer in answers:
            if answer.status == 503:
                assert int(answer["Retry-After"]) > 0
        neighbour.check(bound=LIMIT + BOUND)  # its turn is next when a place is free
        assert service.answers()


def test_a_client_that_leaves_ends_its_query(made: Path, tmp_path: Path) -> None:
    with copied(made, tmp_path, KGTOOL_QUERY_TIMEOUT="60", KGTOOL_QUERY_WORKERS="2") as service:
        for text in (BURNING[0], RUNAWAYS["cross product sent"]):
            with closing(connect(service.port)) as connection:
                path = "/sparql?" + urlencode({"query": text})
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                if text == BURNING[0]:
                    assert processes.eventually(lambda: processes.busiest(service.family(), 0.3) > 0.2, 10), "no start"
                else:  # what is sent and not read soon waits for its client
                    assert connection.recv(10)
            assert processes.eventually(lambda: processes.busiest(service.family(), 0.3) < 0.1, 2 + BOUND)
        assert service.answers()
