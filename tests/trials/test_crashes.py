"""Rounds of SIGKILL at any moment of writing: nothing acknowledged is lost, nothing is there by half.

Who is killed: the whole process ``group``; the ``main`` process alone, with which all others must go; the ``writer``
or one ``front`` alone, which the service replaces by itself.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trials.processes import eventually
from tests.trials.services import Service
from tests.trials.stores import make_packaged_store, make_store, write_once
from tests.trials.verifying import verify, verify_closure
from tests.trials.writers import COUNTER, Ledger, Writers

VICTIMS = ("group", "main", "writer", "front")
#: Seconds in which a service that lost one of its processes is whole again; a little more on a busy machine.
REPAIR = 5.0 + 3.0
_UNIVERSITY = "INSERT DATA { <urn:org> a <https://w3id.org/kgtool/ontology#University> }"


def rounds(
    number: int, victim: str, packaged: bool, place: Path, chance: random.Random, start: Callable[..., Service]
) -> None:
    """Kill so often, on one store that goes from round to round."""
    store = place / "store"
    (make_packaged_store if packaged else make_store)(store)
    write_once(store, COUNTER + (f" ; {_UNIVERSITY}" if packaged else ""))
    ledger = Ledger()
    service = start(store)
    puts = service("GET", "/graphs?default").status != 404
    for turn in range(number):
        clients = Writers(service, ledger, chance, count=chance.randint(4, 8), packaged=packaged, puts=puts)
        with clients:
            time.sleep(chance.uniform(0.05, 0.9))
            service.kill(victim)
            if service.lives():
                assert eventually(lambda: service.answers() and service.update("INSERT DATA {}").status == 200, REPAIR)
                time.sleep(0.3)  # writes after the repair, in the same connections' time
        if not service.lives():
            if turn % 5 == 0:
                shutil.copytree(store, place / "copy")
                verify_closure(place / "copy")
                shutil.rmtree(place / "copy")
            service.start()
        verify(service, ledger)
    assert len(ledger.done) > number, "hardly anything was written: the rounds tried nothing"
    service.stop()
    verify_closure(store)


@pytest.mark.parametrize("victim", VICTIMS)
def test_three_crashes_lose_nothing(
    victim: str, tmp_path: Path, chance: random.Random, service: Callable[..., Service]
) -> None:
    rounds(3, victim, victim == "writer", tmp_path, chance, service)


def test_a_front_may_be_lost_again_and_again(tmp_path: Path, service: Callable[..., Service]) -> None:
    """The one that has just come is killed too: the service goes on."""
    one = service(make_store(tmp_path / "store"))
    newest = one.fronts()[0]
    for _ in range(4):
        seen = one.family()
        one.kill_process(newest)
        assert eventually(lambda known=seen: set(one.fronts()) - known, REPAIR)  # type: ignore[misc]
        newest = max(set(one.fronts()) - seen)
        assert eventually(lambda: one.answers() and one.update("INSERT DATA {}").status == 200, REPAIR)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("packaged", [False, True], ids=["plain", "packaged"])
@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("part", range(5))
def test_a_thousand_crashes_lose_nothing(
    part: int, victim: str, packaged: bool, tmp_path: Path, chance: random.Random, service: Callable[..., Service]
) -> None:
    rounds(25, victim, packaged, tmp_path, chance, service)


def test_each_process_can_be_lost_alone(tmp_path: Path, service: Callable[..., Service]) -> None:
    """Who writes and who takes connections are processes of their own below the one that was started."""
    one = service(make_store(tmp_path / "store"))
    assert one.writer() != one.main
    assert one.main not in one.fronts()
    assert one.writer() not in one.fronts()
    for pid in sorted(one.family() - {one.main}):
        if pid in one.family():
            one.kill_process(pid)
            assert eventually(lambda: one.answers() and one.update("INSERT DATA {}").status == 200, REPAIR), pid
