"""Labelling blank nodes ends within limits of work, memory and time, and says which nodes are the trouble."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, serialize

from kgtool.errors import LimitError
from kgtool.export import FORMATS, canonical_worker, export
from kgtool.export.canonical import MOST_WORK, canonical
from kgtool.export.canonical_work import foreseen
from tests.export.reading import PREFIXES_USED, exported

KNOWS = NamedNode("http://xmlns.com/foaf/0.1/knows")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ADDRESS = NamedNode("urn:x:Adresse")
NO_MATTER = 10**100
"""Work without limit: the process's own limits are to be seen."""

EXPORTING = """
import io, sys
from kgtool.errors import LimitError
from kgtool.export.canonical import canonical
from tests.export.test_canonical_limits import complete_graph
try:
    canonical(complete_graph(int(sys.argv[1])), seconds=60, most=int(sys.argv[2]))
except LimitError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def complete_graph(size: int, name: str = "n") -> list[Quad]:
    """Everybody knows everybody else: no node can be told from another, so that RDFC-1.0 tries every order."""
    nodes = [BlankNode(f"{name}{number}") for number in range(size)]
    return [Quad(one, KNOWS, other) for one in nodes for other in nodes if one != other]


@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize("size", [12, 20, 60])
def test_a_graph_that_needs_too_much_work_is_refused_by_name(format: str, size: int) -> None:
    output = io.BytesIO()
    with pytest.raises(LimitError, match=rf"^{size} blank nodes linked by <{KNOWS.value}> look alike") as caught:
        export(complete_graph(size), format, output, prefixes=PREFIXES_USED)
    assert caught.value.exit_code == 3
    assert "IRIs" in (caught.value.hint or "")
    assert output.getvalue() == b""


@pytest.mark.parametrize("most", [MOST_WORK, NO_MATTER], ids=["refused", "tried"])
@pytest.mark.parametrize("size", [12, 20])
def test_memory_stays_bounded_even_when_work_is_misjudged(size: int, most: int) -> None:
    with subprocess.Popen([sys.executable, "-c", EXPORTING, str(size), str(most)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read().decode()
        # The usage of a process holds the peak of its own children, too.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 3
    assert said.startswith(f"{size} blank nodes linked by <{KNOWS.value}> look alike and cannot be told apart")
    assert usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) < 1.5e9


def test_time_that_is_over_is_told_like_memory() -> None:
    with pytest.raises(LimitError, match=r"^9 blank nodes .* look alike and cannot be told apart in 0\.2 s"):
        canonical(complete_graph(9), seconds=0.2, most=NO_MATTER)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of other systems end a process in other ways")
def test_a_process_whose_parent_is_gone_ends_with_its_processor_time() -> None:
    done = subprocess.run(
        [sys.executable, "-P", str(Path(canonical_worker.__file__)), str(2**30), "1"],
        input=serialize(complete_graph(9), format=RdfFormat.N_QUADS),
        check=False,
    )
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_a_complete_graph_of_eight_is_labelled() -> None:
    assert len(exported(complete_graph(8), "ntriples").splitlines()) == 56


def test_a_thousand_addresses_that_are_the_same_are_no_burden() -> None:
    quads = [Quad(BlankNode(f"a{number}"), TYPE, ADDRESS) for number in range(1000)]
    assert len(exported(quads, "ntriples").splitlines()) == 1000


def test_many_small_parts_that_are_the_same_are_no_burden() -> None:
    quads = [quad for part in range(500) for quad in complete_graph(3, f"p{part}n")]
    assert len(exported(quads, "ntriples").splitlines()) == 3000


def test_a_hundred_thousand_nodes_in_a_process_are_within_its_memory() -> None:
    lines = [Quad(BlankNode(f"a{number}"), KNOWS, NamedNode(f"urn:x:{number}")) for number in range(100_000)]
    assert len(canonical([*lines, *complete_graph(7)], seconds=60)) == 100_042


def test_other_nodes_are_not_blamed() -> None:
    harmless = [Quad(BlankNode(f"a{number}"), TYPE, ADDRESS) for number in range(1000)]
    with pytest.raises(LimitError, match=r"^12 blank nodes"):
        canonical([*harmless, *complete_graph(12)], seconds=20)


def test_labels_have_no_say_in_the_verdict() -> None:
    one, other = complete_graph(7, "x"), [*reversed(complete_graph(7, "y"))]
    assert foreseen(one, most=MOST_WORK) == foreseen(other, most=MOST_WORK)


def test_nodes_told_apart_by_labelled_neighbours_need_no_orders() -> None:
    hub, leaves = BlankNode("hub"), [BlankNode(f"leaf{number}") for number in range(30)]
    assert foreseen([Quad(hub, KNOWS, leaf) for leaf in leaves], most=MOST_WORK).units < 30 * 10
