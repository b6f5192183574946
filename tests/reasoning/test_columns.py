"""The columns beside a store follow it, are never believed against it, and are made again whenever in doubt."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kgtool import KnowledgeGraph, MemoryLimitError
from kgtool.ingest import sources_of_bytes
from kgtool.reasoning.bulk.closure import Closure
from kgtool.reasoning.bulk.dialect import database
from kgtool.reasoning.columns import journal
from kgtool.reasoning.columns.encoding import read_lines

TEXT = """
@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:uncle owl:propertyChainAxiom ( :parent :brother ) .
:a :parent :b . :b :brother :c . :e :parent :b . :e :name "É\\n\\"e\\"", "e"@en .
"""
#: Data that the journal notes; then an axiom, of which the consequences are computed on the columns.
CHANGES = (
    "INSERT DATA { <urn:x:f> <urn:x:parent> <urn:x:b> }",
    "DELETE WHERE { GRAPH ?g { <urn:x:e> ?p ?o } }",
    'INSERT DATA { GRAPH <urn:x:new> { <urn:x:a> <urn:x:name> "a\\tb"@fr-BE , 01 . _:n <urn:x:parent> <urn:x:b> } }',
)
AXIOM = "INSERT DATA { <urn:x:uncle> <http://www.w3.org/2002/07/owl#inverseOf> <urn:x:nephew> }"


def everything(kg: KnowledgeGraph) -> bytes:
    output = io.BytesIO()
    kg.export("nquads", output, only="all")
    return output.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Give a store whose columns have a journal of three commits."""
    path = tmp_path / "store"
    with KnowledgeGraph.open(path, write=True, create=True) as kg:
        kg.load(sources_of_bytes(TEXT.encode(), name="family", graph="urn:x:family", format="turtle"))
        for change in CHANGES:
            kg.update(change)
    return path


def columns(store: Path) -> Path:
    (generation,) = store.glob("generations/*")
    return generation / "columns"


def expected(store: Path, work: Path) -> bytes:
    """Give what a store without any columns ends up with."""
    shutil.copytree(store, work)
    shutil.rmtree(columns(work))
    with KnowledgeGraph.open(work, write=True) as kg:
        kg.update(AXIOM)
        assert b"nephew> <urn:x:" in everything(kg)
        return everything(kg)


def cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def garble(file: Path) -> None:
    file.write_bytes(b"\xff" * file.stat().st_size)


def journals(store: Path) -> list[Path]:
    return [file for file in columns(store).iterdir() if file.name != journal.COLUMNS]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda store: None,
    "the folder is gone": lambda store: shutil.rmtree(columns(store)),
    "the columns are gone": lambda store: (columns(store) / journal.COLUMNS).unlink(),
    "the columns are empty": lambda store: (columns(store) / journal.COLUMNS).write_bytes(b""),
    "the columns are cut off": lambda store: cut(columns(store) / journal.COLUMNS),
    "the columns are something else": lambda store: garble(columns(store) / journal.COLUMNS),
    "the journal is gone": lambda store: [file.unlink() for file in journals(store)],
    "the journal is cut off": lambda store: [cut(file) for file in journals(store)],
    "the journal is something else": lambda store: [garble(file) for file in journals(store)],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_columns_are_made_again(store: Path, tmp_path: Path, damage: str) -> None:
    right = expected(store, tmp_path / "right")
    assert journals(store), "there is a journal"
    DAMAGES[damage](store)
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.update(AXIOM)
        assert everything(kg) == right


def test_columns_of_an_earlier_commit_are_not_believed(store: Path, tmp_path: Path) -> None:
    shutil.copytree(columns(store), tmp_path / "earlier")
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.update("DELETE WHERE { GRAPH ?g { <urn:x:f> ?p ?o } }")
        kg.update("INSERT DATA { <urn:x:h> <urn:x:parent> <urn:x:b> }")
    right = expected(store, tmp_path / "right")
    shutil.rmtree(columns(store), ignore_errors=True)
    shutil.copytree(tmp_path / "earlier", columns(store))
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.update(AXIOM)
        assert everything(kg) == right


def test_a_closure_that_finds_no_memory_changes_nothing(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as kg:
        before = everything(kg)
    with KnowledgeGraph.open(store, write=True, memory=1) as kg:
        with pytest.raises(MemoryLimitError, match="KGTOOL_REASON_MEMORY"):
            kg.reason()
        assert everything(kg) == before
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.reason()
        assert everything(kg) == before


@pytest.fixture
def interrupted(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a store of which Ctrl-C stops every closure after its first round."""
    run = Closure._run_round

    def pressed(self: Closure, *args: Any, **options: Any) -> None:
        run(self, *args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Closure, "_run_round", pressed)
    yield store
    monkeypatch.undo()


def test_a_closure_that_is_interrupted_changes_nothing(interrupted: Path) -> None:
    with KnowledgeGraph.open(interrupted, write=True) as kg:
        before = everything(kg)
        with pytest.raises(KeyboardInterrupt):
            kg.update("INSERT DATA { <urn:x:brother> a <http://www.w3.org/2002/07/owl#TransitiveProperty> }")
        assert everything(kg) == before
    left = [file.name for file in columns(interrupted).iterdir() if file.is_dir()]
    assert left == [], "nothing is left behind"


@pytest.mark.long
def test_lines_are_read_in_less_memory_than_they_take(tmp_path: Path) -> None:
    lines = 1_700_000
    with (tmp_path / "0.lines").open("w") as output:
        output.writelines(f"<urn:x:{n}> <urn:x:p{n % 7}> <urn:x:{'o' * 60}{n % 1000}> .\n" for n in range(lines))
    assert (tmp_path / "0.lines").stat().st_size > 150 << 20
    with database(tmp_path / "columns", memory=150, spill=tmp_path / "spill") as made:
        read_lines(made, tmp_path / "0.lines", "<urn:x:g>")
        assert made.rows("SELECT count(*), count(DISTINCT p), count(DISTINCT o) FROM lines") == [(lines, 7, 1000)]
