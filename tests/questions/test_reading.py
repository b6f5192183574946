"""What a question's file may say, and what is refused: file, line, and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgtool.errors import MissingError, ParseError
from kgtool.questions import Column, Parameter, find_question, read_question, read_questions
from tests.questions.sample import QUESTIONS, STAFF, write_folder

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = STAFF[: STAFF.index("PREFIX")]
COLUMN = "# column person\n#   fr: x\n#   en: x\n"
TITLES = "# fr: T\n# en: T\n# description\n#   fr: D\n#   en: D\n"
DAY = "# parameter day date\n#   fr: x\n#   en: x\n"
MINIMAL = f"{TITLES}{DAY}{COLUMN}SELECT ?person WHERE {{ ?person ?p ?o FILTER(?o < ?day) }}\n"


def read(folder: Path, text: str | bytes, name: str = "asked") -> object:
    path = folder / f"{name}.rq"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_question(path)


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "staff.rq").write_text(STAFF, encoding="utf-8")
    question = read_question(tmp_path / "staff.rq")
    assert question.name == "staff"
    assert question.title == {"fr": "Qui est quelque part un jour ?", "en": "Who is somewhere on a day?"}
    assert question.description == {"fr": "Les personnes, et depuis quand.", "en": "The people, and since when."}
    place, day, age = question.parameters
    assert place == Parameter("place", "iri", (), None, True, "sample/lab", {"fr": "Le lieu", "en": "The place"})
    assert (day.type, day.default, day.required, day.takes) == ("date", "today", False, "date")
    assert (age.type, age.allowed, age.default, age.required) == ("choice", ("old", "young"), None, False)
    assert age.takes == "old|young"
    assert question.columns[0] == Column("person", {"fr": "La personne", "en": "The person"})
    assert [column.name for column in question.columns] == ["person", "age"]
    assert question.text == STAFF[STAFF.index("PREFIX") :]


def test_line_ends_and_blank_lines_of_a_header_do_not_matter(tmp_path: Path) -> None:
    text = STAFF.replace("# parameter", "#\n\n# parameter").replace("\n", "\r\n")
    question = read(tmp_path, text)
    (tmp_path / "staff.rq").write_text(STAFF, encoding="utf-8")
    assert question.parameters == read_question(tmp_path / "staff.rq").parameters  # type: ignore[attr-defined]


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    assert read(tmp_path, MINIMAL).title["en"] == "T"  # type: ignore[attr-defined]
    assert read(tmp_path, MINIMAL.replace("# en: T", "# en: Other")).title["en"] == "Other"  # type: ignore[attr-defined]


def test_the_questions_of_a_folder_come_by_name_and_none_is_none(tmp_path: Path) -> None:
    folder = write_folder(tmp_path) / "ontology" / "questions"
    (folder / "README.md").write_text("no question", encoding="utf-8")
    assert [question.name for question in read_questions(folder)] == sorted(QUESTIONS)
    assert read_questions(tmp_path / "nowhere") == ()
    assert find_question(folder, "staff").name == "staff"
    for name, parts in {"stafff": ["'stafff'", "did you mean staff?"], "../x": ["../x", "there are", "sizes"]}.items():
        with pytest.raises(MissingError) as raised:
            find_question(folder, name)
        assert all(part in str(raised.value) for part in parts), raised.value
    with pytest.raises(MissingError, match="keeps no questions"):
        find_question(tmp_path / "nowhere", "staff")


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("", 1, ["without a query"]),
        (HEAD, HEAD.count("\n") + 1, ["without a query"]),
        ("SELECT ?person WHERE { ?person ?p ?o }", 1, ["title", "# fr: …"]),
        (MINIMAL.replace("# en: T\n", ""), 1, ["title", "en"]),
        (MINIMAL.replace("# en: T\n", "# en:\n"), 1, ["title", "en"]),
        (MINIMAL.replace("# en: T", "# en: T\n# en: U"), 3, ["second", "en"]),
        (MINIMAL.replace("# en: T", "# en: T\n# de: U"), 3, ["'de: U'", "fr:, en:, description"]),
        (MINIMAL.replace("# description\n#   fr: D\n#   en: D\n", ""), 1, ["without a description"]),
        (MINIMAL.replace("#   en: D\n", ""), 3, ["description without its text in en"]),
        (MINIMAL.replace("# description", "# descripton"), 3, ["descripton", "did you mean description?"]),
        (MINIMAL + "", 6, []),
        (MINIMAL.replace("# parameter day", "# description\n# parameter day"), 6, ["second description"]),
        (MINIMAL.replace("#   en: D\n", "#   en: D\n#   de: D\n"), 6, ["'de: D'", "fr: … or en: …"]),
        (MINIMAL.replace("#   en: D\n", "#   en: D\n#   text\n"), 6, ["'text'"]),
        (MINIMAL.replace("# parameter day date", "# paramater day date"), 6, ["did you mean parameter?"]),
        (MINIMAL.replace("day date", "day"), 6, ["# parameter NAME TYPE"]),
        (MINIMAL.replace("day date", "day dat"), 6, ["no type 'dat'", "did you mean date?"]),
        (MINIMAL.replace("day date", "day a|"), 6, ["no type 'a|'"]),
        (MINIMAL.replace("day date", "day date maybe"), 6, ["'maybe'", "optional"]),
        (MINIMAL.replace("day date", "day date optional = today"), 6, ["'optional = today'"]),
        (MINIMAL.replace("day date", "day date ="), 6, ["'='"]),
        (MINIMAL.replace("day date", "day date = 2024-02-31"), 6, ["wrong default", "2024-02-31", "YYYY-MM-DD"]),
        (MINIMAL.replace("day date", "day date = yesterday"), 6, ["wrong default", "yesterday"]),
        (MINIMAL.replace("day date", "day old|new = nwe"), 6, ["wrong default", "did you mean new?"]),
        (MINIMAL.replace("day date", "day iri = no iri"), 6, ["wrong default", "no iri"]),
        (MINIMAL.replace("day date\n", "day integer\n#   example: many\n"), 6, ["wrong example", "many"]),
        (MINIMAL.replace("day date", "d-y date"), 6, ["'d-y'", "letters"]),
        (MINIMAL.replace("day date", "format date"), 6, ["called format"]),
        (MINIMAL.replace(DAY, DAY + DAY), 9, ["second parameter day"]),
        (MINIMAL.replace(COLUMN, COLUMN + COLUMN), 12, ["second column person"]),
        (MINIMAL.replace("# column person", "# column the person"), 9, ["names no column"]),
        (MINIMAL.replace(COLUMN, COLUMN + "# fr: late\n"), 12, ["belongs to nothing"]),
        (MINIMAL.replace(COLUMN, ""), 9, ["columns", "SELECT has person", "none"]),
        (MINIMAL.replace("SELECT ?person", "SELECT ?p ?person"), 12, ["SELECT has p, person", "header person"]),
        (MINIMAL.replace("SELECT ?person", "SELECT *"), 12, ["SELECT *", "name the variables"]),
        (MINIMAL.replace("SELECT ?person WHERE", "ASK"), 12, ["a question is a SELECT"]),
        (MINIMAL.replace("SELECT ?person", "SELEC ?person"), 12, ["did you mean SELECT?"]),
        (MINIMAL.replace("?p ?o", "kg:p ?o"), 12, ["kg:", "PREFIX kg:"]),
        (MINIMAL.replace("?person ?p ?o", "SERVICE <urn:x:a> { ?person ?p ?o }"), 12, ["SERVICE is switched off"]),
        (MINIMAL.replace("< ?day", "< 1"), 6, ["never uses the parameter day"]),
        (MINIMAL.replace("< ?day", "< 1 # ?day\n"), 6, ["never uses the parameter day"]),
        (
            MINIMAL.replace(COLUMN, COLUMN + COLUMN.replace("person", "day"))
            .replace("< ?day", "< 1")
            .replace("SELECT ?person", "SELECT ?person ?day"),
            6,
            ["never uses"],
        ),
        (MINIMAL.replace("FILTER(?o", "BIND(?day AS ?d) FILTER(?d"), 12, ["?day", "second name"]),
        (MINIMAL.replace("FILTER(?o", "BIND(( (?day) ) AS ?d) FILTER(?d"), 12, ["second name"]),
        (MINIMAL.replace("FILTER(?o", "BIND(COALESCE(?day, ?day) AS ?d) FILTER(?d"), 12, ["second name"]),
        (MINIMAL.replace("FILTER(?o", "BIND(IF(?o < 1, ?day, COALESCE(?day)) AS ?d) FILTER(?d"), 12, ["second name"]),
        (
            MINIMAL.replace("FILTER(", "{ SELECT (MAX(?x) AS ?m) { ?y ?z ?x FILTER(?x < ?day) } } FILTER("),
            12,
            ["GROUP BY", "day"],
        ),
        (MINIMAL.replace("FILTER(", "{ SELECT * { ?y ?z ?x } } FILTER("), 12, ["SELECT *"]),
        (b"# fr: \xff\n", None, ["not UTF-8"]),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, line: int | None, parts: list[str]
) -> None:
    if not parts:
        read(tmp_path, text)
        return
    with pytest.raises(ParseError) as raised:
        read(tmp_path, text)
    told = str(raised.value)
    assert raised.value.where is not None
    assert raised.value.where.file == str(tmp_path / "asked.rq")
    assert raised.value.where.line == line, told
    assert all(part in told for part in parts), told
    assert raised.value.hint


def test_what_gives_more_than_a_parameter_may_have_a_name(tmp_path: Path) -> None:
    for expression in ("COALESCE(?day, 1)", "IF(?o < 1, ?day, ?o)", "?day + 1", "STR(?day)", "IF(BOUND(?day), 1, 2)"):
        read(tmp_path, MINIMAL.replace("FILTER(?o", f"BIND({expression} AS ?d) FILTER(?d"))


def test_a_parameter_may_be_used_where_a_column_is_computed(tmp_path: Path) -> None:
    columns = COLUMN.replace("person", "later")
    for computed in ("(?o + ?day AS ?later)", "(IF(?o < 2, 1, 2) AS ?later)"):
        text = MINIMAL.replace(COLUMN, columns).replace("SELECT ?person", f"SELECT {computed}").replace("< ?day", "< 1")
        read(tmp_path, text if "?day" in computed else text.replace("parameter day", "parameter later"))


def test_the_page_on_questions_says_what_is_read(tmp_path: Path) -> None:
    page = (ROOT / "ontology" / "questions" / "README.md").read_text("utf-8")
    (header,) = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    query = "SELECT ?person { ?institution ?date ?mode . ?institution ?p ?person }"
    question = read(tmp_path, f"{header}{query}\n")
    assert [p.takes for p in question.parameters] == ["iri", "date", "certain|possible"]  # type: ignore[attr-defined]
