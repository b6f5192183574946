"""``kgtool ask``: the list of questions, what each takes, and answers."""

from __future__ import annotations

import csv
import io
import json
import os

import pytest
from pyoxigraph import QueryResultsFormat, parse_query_results

from tests.questions.sample import ATTACKS, LAB, QUESTIONS, write_folder


@pytest.fixture(scope="session")
def made_sample(tmp_path_factory, kgtool_in):
    folder = tmp_path_factory.mktemp("sample")
    kgtool = kgtool_in(folder)
    kgtool("build", write_folder(folder / "sample"))
    return kgtool


def rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode())))


def names(text: bytes) -> list[str]:
    return [row[0].rpartition("/")[2] for row in rows(text)[1:]]


def test_without_a_name_the_questions_are_listed(made_sample):
    listed = made_sample("ask").stdout.decode().splitlines()
    assert listed[0].split() == ["name", "title"]
    assert [line.split()[0] for line in listed[1:]] == sorted(QUESTIONS)
    assert "Who is somewhere on a day?" in listed[-1]
    assert "Qui est quelque part un jour ?" in made_sample("ask", "--language", "fr").stdout.decode()


def test_the_list_in_json_has_all_about_each(made_sample):
    for form in (["--json"], ["-f", "json"]):
        questions = made_sample.json("ask", *form)["questions"]
        assert [question["name"] for question in questions] == sorted(QUESTIONS)
        staff = questions[-1]
        assert staff["title"] == {"fr": "Qui est quelque part un jour ?", "en": "Who is somewhere on a day?"}
        assert [parameter["name"] for parameter in staff["parameters"]] == ["place", "day", "age"]
        assert [parameter["required"] for parameter in staff["parameters"]] == [True, False, False]
        assert [parameter["default"] for parameter in staff["parameters"]] == [None, "today", None]
        assert staff["parameters"][2]["allowed"] == ["old", "young"]
        assert [column["name"] for column in staff["columns"]] == ["person", "age"]
        assert "SELECT" in staff["sparql"]


def test_the_answer_is_csv_for_a_program_and_other_formats_when_asked(made_sample):
    asked = ["ask", "staff", "--place", LAB, "--day", "2012-06-30"]
    answer = made_sample(*asked)
    assert rows(answer.stdout)[0] == ["person", "age"]
    assert names(answer.stdout) == ["ada", "ben"]
    assert answer.stderr == b""
    for form, format_ in (
        (["-f", "json"], QueryResultsFormat.JSON),
        (["--json"], QueryResultsFormat.JSON),
        (["-f", "xml"], QueryResultsFormat.XML),
        (["-f", "tsv"], QueryResultsFormat.TSV),
    ):
        solutions = parse_query_results(made_sample(*asked, *form).stdout, format_)
        assert [variable.value for variable in solutions.variables] == ["person", "age"]
        assert [row["age"].value for row in solutions] == ["old", "young"]
    table = made_sample(*asked, "-f", "table").stdout.decode().splitlines()
    assert table[0].split() == ["person", "age"]
    assert len(table) == 3


def test_values_are_given_in_several_ways(made_sample):
    day = "--day=2012-06-30"
    for place in (["--place", "Laboratory"], ["--place=sample/lab"], ["--place", f"<{LAB}>"]):
        assert names(made_sample("ask", "staff", *place, day).stdout) == ["ada", "ben"]
        assert names(made_sample("ask", day, *place, "staff").stdout) == ["ada", "ben"]
    assert names(made_sample("ask", "staff", "--place", "Works", "-f", "csv", day).stdout) == ["cal"]
    assert names(made_sample("ask", "staff", "--place", "Laboratory", day, "--age", "old").stdout) == ["ada"]
    assert names(made_sample("ask", "staff", "--place", "Laboratory", "--age", "").stdout) == ["ada"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_value_is_data_whatever_it_looks_like(made_sample, attack):
    before = made_sample.content()
    answer = json.loads(made_sample("ask", "echo", f"--said={attack}", "--json").stdout)
    assert [row["value"]["value"] for row in answer["results"]["bindings"]] == [attack]
    assert made_sample.content() == before


def test_help_of_a_question_says_what_it_takes(made_sample):
    told = made_sample("ask", "staff", "--help").stdout.decode()
    for part in (
        "Usage: kgtool ask staff --place IRI [--day DATE] [--age old|young]",
        "Who is somewhere on a day?",
        "The people, and since when.",
        "The place  [required]",
        "[default: today]",
        "The person",
        "kgtool ask staff --place sample/lab",
    ):
        assert part in told
    french = made_sample("ask", "staff", "-h", "--language", "fr").stdout.decode()
    for part in ("Qui est quelque part un jour ?", "Le lieu  [obligatoire]", "Colonnes"):
        assert part in french
    example = next(
        line.split() for line in told.splitlines() if line.strip().startswith("kgtool ask staff --place sam")
    )
    assert names(made_sample(*example[1:]).stdout) == ["ada"]
    assert "--PARAM" in made_sample("ask", "--help").stdout.decode()


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["stafff", "--place", LAB], ["stafff", "did you mean staff?"]),
        (["stafff", "--help"], ["did you mean staff?"]),
        (["staff"], ["needs the parameter place", "place (iri): The place"]),
        (["staff", "--plce", LAB], ["'plce'", "did you mean place?"]),
        (["staff", "--place", LAB, "--day", "2024-02-31"], ["2024-02-31", "YYYY-MM-DD"]),
        (["staff", "--place", LAB, "--day", "0000-01-01"], ["0000-01-01"]),
        (["staff", "--place", LAB, "--day", "soon"], ["soon"]),
        (["staff", "--place", LAB, "--age", "odl"], ["did you mean old?", "old, young"]),
        (["staff", "--place", "Laboratry"], ["Laboratry", "did you mean Laboratory?"]),
        (["sizes", "--since", "199"], ["199", "YYYY"]),
        (["staff", "--place"], ["--place needs a value"]),
        (["staff", "--place", LAB, "--place", LAB], ["--place is given twice"]),
        (["staff", "sizes"], ["'sizes' is out of place"]),
        (["staff", "-x"], ["'-x' is out of place"]),
        (["--place", LAB], ["--place", "name one"]),
        (["-f", "csv"], ["-f csv", "name one"]),
        (["staff", "--place", LAB, "-f", "turtle"], ["turtle"]),
    ],
)
def test_what_is_wrong_ends_with_2_and_says_what_to_do(made_sample, words, parts):
    told = made_sample("ask", *words, code=2)
    assert told.stdout == b""
    assert all(part in told.stderr.decode() for part in parts), told.stderr.decode()


def test_a_value_that_is_not_utf_8_is_refused(made_sample):
    told = made_sample("ask", "echo", os.fsdecode(b"--said=\xff"), code=2).stderr.decode()
    assert "not UTF-8" in told


def test_without_a_store_it_is_as_for_a_query(kgtool):
    for words in (["ask"], ["ask", "staff"], ["ask", "staff", "--help"]):
        assert kgtool(*words, code=2).stderr == kgtool("query", "ASK {}", code=2).stderr


def test_a_store_without_questions_says_so(people):
    told = people("ask")
    assert "keeps no questions" in told.stderr.decode()
    assert people.json("ask", "--json") == {"questions": []}
    assert "keeps no questions" in people("ask", "staff", code=2).stderr.decode()


def test_a_question_ends_when_its_time_is_out(made_sample):
    told = made_sample("ask", "endless", "--timeout", "0.5", code=3).stderr.decode()
    assert "--timeout" in told


def test_a_build_refuses_a_question_that_is_none(kgtool, tmp_path):
    folder = write_folder(tmp_path / "broken", {"staff": "# fr: T\n# en: T\nSELECT ?a { ?a ?b ?c }\n"})
    told = kgtool("build", folder, code=2).stderr.decode()
    assert "staff.rq:1: a question without a description" in told
    kgtool("stats", code=2)
