"""A small graph with questions of its own: who was at which place since when."""

from __future__ import annotations

from pathlib import Path

from kgtool.vocabulary import ID_BASE

LAB = f"{ID_BASE}sample/lab"
DATA = f"""
@prefix : <https://example.org/> . @prefix s: <{ID_BASE}sample/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
s:lab rdfs:label "Laboratory"@en , "Laboratoire"@fr . s:works rdfs:label "Works" .
s:ada rdfs:label "Ada" . s:ben rdfs:label "<b>Ben</b>" . s:cal rdfs:label "Cal" .
[] :who s:ada ; :at s:lab ; :since "2001-05-01"^^xsd:date .
[] :who s:ben ; :at s:lab ; :since "2010-01-01"^^xsd:date ; :until "2015-12-31"^^xsd:date .
[] :who s:cal ; :at s:works ; :since "2012-01-01"^^xsd:date .
"""
STAFF = """# fr: Qui est quelque part un jour ?
# en: Who is somewhere on a day?
# description
#   fr: Les personnes, et depuis
#     quand.
#   en: The people, and since
#     when.
# parameter place iri
#   fr: Le lieu
#   en: The place
#   example: sample/lab
# parameter day date = today
#   fr: Le jour
#   en: The day
# parameter age old|young optional
#   fr: Depuis longtemps ou non
#   en: For long or not
# column person
#   fr: La personne
#   en: The person
# column age
#   fr: Depuis longtemps ou non
#   en: For long or not
PREFIX : <https://example.org/>

SELECT DISTINCT ?person ?age WHERE {
  ?stay :at ?place ; :who ?person ; :since ?since .
  FILTER(?since <= ?day && NOT EXISTS { ?stay :until ?until FILTER(?until < ?day) })
  BIND(IF(YEAR(?since) < 2005, "old", "young") AS ?age)
}
ORDER BY ?person
"""
SIZES = """# fr: Combien de personnes sont passées par chaque lieu ?
# en: How many people have been at each place?
# description
#   fr: Depuis une année.
#   en: Since a year.
# parameter since year = 1990
#   fr: L'année
#   en: The year
# parameter place iri optional
#   fr: Ce lieu seulement
#   en: This place only
# column place
#   fr: Le lieu
#   en: The place
# column people
#   fr: Le nombre
#   en: The number
PREFIX : <https://example.org/>

SELECT ?place (COUNT(DISTINCT ?who) AS ?people) WHERE {
  ?stay :at ?place ; :who ?who ; :since ?day .
  FILTER(YEAR(?day) >= ?since)
}
GROUP BY ?place
ORDER BY ?place
"""
ECHO = """# fr: Que dit le texte ?
# en: What does the text say?
# description
#   fr: Le texte même.
#   en: The text itself.
# parameter said text
#   fr: Un texte
#   en: A text
# column value
#   fr: Le texte
#   en: The text
SELECT ?value WHERE { BIND(CONCAT(?said, "") AS ?value) }
"""
DIGITS = " ".join(map(str, range(10)))
ENDLESS = f"""# fr: Combien de nombres ?
# en: How many numbers?
# description
#   fr: Trop pour les compter.
#   en: Too many to count them.
# column number
#   fr: Le nombre
#   en: The number
SELECT (COUNT(*) AS ?number) WHERE {{ {" ".join(f"VALUES ?n{i} {{ {DIGITS} }}" for i in range(14))} }}
"""
QUESTIONS = {"staff": STAFF, "sizes": SIZES, "echo": ECHO, "endless": ENDLESS}

#: Values that would change a query which they were written into.
ATTACKS = (
    '"> } DROP ALL #',
    '"',
    "'",
    "\\",
    '" . ?s ?p ?o } #',
    "<urn:x:a>",
    "?person",
    "} INSERT DATA { <urn:x:a> <urn:x:b> <urn:x:c> } #",
    "\n} ; CLEAR ALL #",
    '") AS ?value) } SELECT * { ?s ?p ?o } #',
    "$said",
    "''' \"\"\"",
    "<script>alert(1)</script>",
)


def write_folder(folder: Path, questions: dict[str, str] | None = None) -> Path:
    """Write data and an ontology that is nothing but questions, for ``kgtool build``."""
    kept = folder / "ontology" / "questions"
    kept.mkdir(parents=True)
    for name, text in (QUESTIONS if questions is None else questions).items():
        (kept / f"{name}.rq").write_text(text, encoding="utf-8")
    (folder / "stays.ttl").write_text(DATA, encoding="utf-8")
    return folder
