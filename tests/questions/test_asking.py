"""Questions of a store, asked: which rows come, that values stay data, and what a build refuses."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.errors import InputError, MissingError, ParseError
from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE
from tests.questions.sample import ATTACKS, LAB, STAFF, write_folder

ADA, BEN, CAL = (f"{ID_BASE}sample/{name}" for name in ("ada", "ben", "cal"))


def asked(graph: KnowledgeGraph, name: str, today: date | None = None, **values: str) -> list[tuple[str | None, ...]]:
    rows = graph.ask(name, values, today=today).solutions()
    return [tuple(None if term is None else term.value for term in row) for row in rows]


def test_the_rows_are_those_of_the_values(sample: KnowledgeGraph) -> None:
    assert sample.ask("staff", {"place": LAB}).variables == ("person", "age")
    assert asked(sample, "staff", place=LAB, day="2012-06-30") == [(ADA, "old"), (BEN, "young")]
    assert asked(sample, "staff", place="Works", day="2012-06-30") == [(CAL, "young")]
    assert asked(sample, "staff", place=LAB, day="2000-01-01") == []
    assert asked(sample, "staff", place="https://example.org/nowhere") == []


def test_a_default_holds_until_a_value_is_given(sample: KnowledgeGraph) -> None:
    assert asked(sample, "staff", place=LAB) == [(ADA, "old")]
    assert asked(sample, "staff", today=date(2012, 6, 30), place=LAB) == [(ADA, "old"), (BEN, "young")]
    assert asked(sample, "staff", today=date(2012, 6, 30), place=LAB, day="today") == [(ADA, "old"), (BEN, "young")]
    assert asked(sample, "staff", today=date(2012, 6, 30), place=LAB, day="2001-05-01") == [(ADA, "old")]
    assert asked(sample, "sizes") == [(LAB, "2"), (f"{ID_BASE}sample/works", "1")]
    assert asked(sample, "sizes", since="2005") == [(LAB, "1"), (f"{ID_BASE}sample/works", "1")]


def test_what_is_optional_may_be_left_out_or_empty(sample: KnowledgeGraph) -> None:
    everybody = [(ADA, "old"), (BEN, "young")]
    assert asked(sample, "staff", place=LAB, day="2012-06-30", age="") == everybody
    assert asked(sample, "staff", place=LAB, day="2012-06-30", age="old") == everybody[:1]
    assert asked(sample, "staff", place=LAB, day="2012-06-30", age="young") == everybody[1:]
    assert asked(sample, "sizes", place=LAB) == [(LAB, "2")]


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_the_columns_are_those_of_the_question_in_each_format(sample: KnowledgeGraph, format: str) -> None:
    output = io.BytesIO()
    sample.ask("staff", {"place": LAB, "day": "2012-06-30"}).serialize(format, output)
    text = output.getvalue().decode()
    assert ADA in text
    assert "2012-06-30" not in text
    assert all(name not in text for name in ("place", "day"))


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({}, ["staff needs the parameter place", "place (iri): The place"]),
        ({"place": ""}, ["staff needs the parameter place"]),
        ({"place": LAB, "dya": "2024-01-01"}, ["'dya'", "did you mean day?", "place, day, age"]),
        ({"place": LAB, "\x1b[2J": "1"}, ["\\x1b", "it takes place, day, age"]),
        ({"place": LAB, "day": "2024-02-31"}, ["day", "2024-02-31", "YYYY-MM-DD"]),
        ({"place": LAB, "age": "odl"}, ["age", "did you mean old?"]),
        ({"place": "Laboratry"}, ["place", "did you mean Laboratory?"]),
    ],
)
def test_a_wrong_parameter_is_an_error_that_helps(
    sample: KnowledgeGraph, values: dict[str, str], parts: list[str]
) -> None:
    with pytest.raises(InputError) as raised:
        sample.ask("staff", values)
    assert all(part in str(raised.value) for part in parts), raised.value


def test_a_question_that_is_not_there_is_missing(sample: KnowledgeGraph) -> None:
    with pytest.raises(MissingError, match="did you mean staff"):
        sample.ask("stafff")
    assert [question.name for question in sample.questions()] == ["echo", "endless", "sizes", "staff"]
    assert sample.question("staff").text in STAFF


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_looks_like_sparql_is_a_text_like_any_other(sample: KnowledgeGraph, attack: str) -> None:
    before = sample.stats()
    assert asked(sample, "echo", said=attack) == [(attack,)]
    for name in ("place", "day", "age"):
        if (name, attack) == ("place", "<urn:x:a>"):
            assert asked(sample, "staff", place=attack) == []  # an IRI, though nobody is there
            continue
        with pytest.raises(InputError):
            sample.ask("staff", {"place": LAB, name: attack})
    assert sample.stats() == before


def test_any_text_comes_back_as_it_was_given(sample: KnowledgeGraph) -> None:
    @given(st.text(min_size=1))
    def check(text: str) -> None:
        assert asked(sample, "echo", said=text) == [(text,)]

    check()


def test_a_build_refuses_a_broken_question_and_leaves_the_old_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    KnowledgeGraph.build(store, [write_folder(tmp_path / "good")])
    with KnowledgeGraph.open(store) as graph:
        before = graph.commit
    broken = write_folder(
        tmp_path / "broken", {"staff": STAFF.replace("?day &&", "?dya &&").replace("< ?day)", "< ?dya)")}
    )
    with pytest.raises(ParseError) as raised:
        KnowledgeGraph.build(store, [broken])
    assert f"{broken}/ontology/questions/staff.rq" in str(raised.value)
    with KnowledgeGraph.open(store) as graph:
        assert graph.commit == before
        assert asked(graph, "staff", place=LAB) == [(ADA, "old")]


def test_a_store_keeps_the_questions_that_it_was_built_with(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder")
    KnowledgeGraph.build(tmp_path / "store", [folder])
    (folder / "ontology" / "questions" / "staff.rq").unlink()
    with KnowledgeGraph.open(tmp_path / "store") as graph:
        assert asked(graph, "staff", place=LAB) == [(ADA, "old")]
