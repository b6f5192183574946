"""Rule files: every construct of the language of rules is read as what it means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kgtool import ParseError
from kgtool.reasoning.language import Absent, Aggregate, Atom, Bind, Call, Optionally, Rule, Var, Widest
from kgtool.reasoning.language.expressions import FIRST_DAY, FUNCTIONS, NAMED_FUNCTIONS, Expression
from kgtool.reasoning.rulefiles import read_rule, read_rules
from kgtool.vocabulary import PREFIXES, iri

FOLDER = Path(__file__).resolve().parent.parent.parent / "ontology" / "rules"
LABELS = "# fr: voisin\n# en: neighbour\n"
DECLARED = "PREFIX : <urn:x:> PREFIX f: <https://w3id.org/kgtool/function#> " + " ".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("rdf", "rdfs", "owl", "xsd")
)
START = f"{LABELS}{DECLARED}\nCONSTRUCT {{ ?a :r ?b }} WHERE {{ ?a :p ?b .\n"
A, B, C, D, G, M, N, V = map(Var, "abcdgmnv")


def x(name: str) -> NamedNode:
    return NamedNode(f"urn:x:{name}")


def integer(text: str) -> Literal:
    return Literal(text, datatype=iri("xsd", "integer"))


def read(text: str) -> Rule:
    return read_rule(text, "near", "rules/near.rq")


def body(text: str) -> Rule:
    """Read a rule whose body holds ``?a :p ?b`` and this."""
    return read(f"{START}\n{text} }}")


def condition(text: str) -> Expression:
    (found,) = body(f"FILTER({text})").conditions
    return found


def test_a_rule_keeps_its_name_text_labels_and_source() -> None:
    text = f"{LABELS}# more\nCONSTRUCT {{ ?a <urn:x:n> ?b }} {{ ?a <urn:x:p> ?b }}\n"
    rule = read(text)
    assert (rule.name, rule.text, rule.source) == ("near", text, "near.rq")
    assert rule.labels == {"fr": "voisin", "en": "neighbour"}
    assert (rule.head, rule.body) == ((Atom(A, x("n"), B),), (Atom(A, x("p"), B),))


def test_the_packaged_rules_are_read() -> None:
    rules = read_rules(FOLDER)
    assert [rule.name for rule in rules] == sorted(path.stem for path in FOLDER.glob("*.rq"))
    named = {rule.name: rule for rule in rules}
    person, typed = Var("person"), Var("typed")
    organization_class, of_type = iri("org", "Organization"), iri("rdf", "type")
    rule = named["affiliation-by-member-of"]
    assert {atom.predicate for atom in rule.head if atom.object == person} == {iri("kg", "person")}
    assert rule.body == (Atom(person, iri("org", "memberOf"), Var("through"), Var("stated")),)
    below = Atom(Var("type"), iri("rdfs", "subClassOf"), organization_class)
    assert rule.absent == (
        Absent((Atom(person, of_type, organization_class, typed),)),
        Absent((Atom(person, of_type, Var("type"), typed), below)),
        Absent(
            (
                Atom(Var("node"), iri("org", "member"), person, Var("memberSource")),
                Atom(Var("node"), iri("org", "organization"), Var("through"), Var("organizationSource")),
            )
        ),
    )


def test_a_folder_gives_its_rules_by_name(tmp_path: Path) -> None:
    assert read_rules(tmp_path / "none") == ()
    for name in ("b", "a-b", "a"):
        (tmp_path / f"{name}.rq").write_text(f"{START}}}")
    assert [rule.name for rule in read_rules(tmp_path)] == ["a", "a-b", "b"]
    (tmp_path / "c.rq").write_bytes(b"# fr: \xe9")
    with pytest.raises(ParseError, match=r"c\.rq: a rule that is not UTF-8"):
        read_rules(tmp_path)
    (tmp_path / "c.rq").unlink()
    (tmp_path / "c.rq").mkdir()
    with pytest.raises(ParseError, match=r"c\.rq: a rule that cannot be read"):
        read_rules(tmp_path)


def test_the_examples_of_the_documentation_are_rules() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    negation, aggregate, built, directive = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    declared = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items())
    start = f"{LABELS}{declared}PREFIX f: <https://w3id.org/kgtool/function#>\n"
    assert read(start + negation).absent
    assert read(start + aggregate).aggregates
    assert read(start + built).builds == {"stay", "from", "until"}
    assert read(start + directive + built).widest == Widest(
        Var("stay"), (Var("person"), Var("place")), ((Var("from"), Var("until")),), (False,)
    )


def test_the_documentation_names_every_function() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    shown = {name.upper() for name in re.findall(r"`([A-Za-z_0-9]+)`", page)}
    assert set(FUNCTIONS) <= shown
    for name in NAMED_FUNCTIONS:
        assert re.search(rf"`(?:xsd:)?{re.split('#', name)[1]}`", page)


def test_triples_are_read_in_all_their_forms() -> None:
    rule = body("?a a :C ; :q :d, ?c ; . _:n :q ?a . [ :q _:n ] :s [] . ?c ?m 'é\\u2019\"'@FR . $c :q '''a\n'b'''")
    anonymous = [Var(f"blank{number}") for number in range(1, 4)]
    assert rule.body[1:] == (
        Atom(A, iri("rdf", "type"), x("C")),
        Atom(A, x("q"), x("d")),
        Atom(A, x("q"), C),
        Atom(anonymous[0], x("q"), A),
        Atom(anonymous[1], x("q"), anonymous[0]),
        Atom(anonymous[1], x("s"), anonymous[2]),
        Atom(C, M, Literal('é’"', language="fr")),
        Atom(C, x("q"), Literal("a\n'b")),
    )
    assert body("[ :q ?blank1 ]").body[1] == Atom(Var("blank2"), x("q"), Var("blank1"))


def test_literals_are_read_as_the_store_keeps_them() -> None:
    rule = body('?a :q "01"^^xsd:integer, +1, -0.50, 1e0, true . ?a :q 2. ?a :q "x"^^:t .')
    kinds = [("1", "integer"), ("1", "integer"), ("-0.5", "decimal"), ("1", "double"), ("true", "boolean")]
    expected = [Literal(text, datatype=iri("xsd", kind)) for text, kind in [*kinds, ("2", "integer")]]
    assert [atom.object for atom in rule.body[1:]] == [*expected, Literal("x", datatype=x("t"))]
    assert condition('?a = "01"^^xsd:integer') == Call("=", (A, integer("1")))


def test_names_are_resolved() -> None:
    text = (
        f"{LABELS}PREFIX : <http://e.org/x/> BASE <http://e.org/a/b> PREFIX s: <c#>\n"
        "CONSTRUCT { ?a <../d> ?b ; s:a\\,b ?b } WHERE { ?a :a.b%20 ?b }"
    )
    predicates = [atom.predicate for atom in (*read(text).head, *read(text).body)]
    assert predicates == [NamedNode(f"http://e.org/{end}") for end in ("d", "a/c#a,b", "x/a.b%20")]


def test_graph_means_asserted() -> None:
    rule = body("GRAPH ?g { ?b :q ?c ; :s ?d } GRAPH <urn:kgtool:source:a.ttl> { ?c :q ?a } GRAPH ?h { ?g :q ?a }")
    assert rule.body[1:] == (
        Atom(B, x("q"), C, G),
        Atom(B, x("s"), D, G),
        Atom(C, x("q"), A, NamedNode("urn:kgtool:source:a.ttl")),
        Atom(G, x("q"), A, Var("h")),
    )


def test_expressions_are_read_by_precedence() -> None:
    less, same = Call("<", (A, integer("1"))), Call("=", (A, B))
    assert condition("?a < 1 || ?a < 1 && !(?a = ?b)") == Call("||", (less, Call("&&", (less, Call("!", (same,))))))
    assert condition("(?a < 1 || ?a = ?b) && ?a < 1") == Call("&&", (Call("||", (less, same)), less))
    assert condition("! ?a = ?b") == Call("=", (Call("!", (A,)), B))
    assert condition("?a < -1") == Call("<", (A, integer("-1")))
    assert body("FILTER strStarts(str(?a), 'x')").conditions == (Call("STRSTARTS", (Call("STR", (A,)), Literal("x"))),)
    assert condition("f:firstDay(?a) <= xsd:date(?b)") == Call(
        "<=", (Call(FIRST_DAY, (A,)), Call(iri("xsd", "date").value, (B,)))
    )


def test_in_is_written_out() -> None:
    one, two, three = (Call("=", (A, integer(str(number)))) for number in (1, 2, 3))
    assert condition("?a IN (1, 2, 3)") == Call("||", (Call("||", (one, two)), three))
    assert condition("?a NOT IN (1)") == Call("!", (one,))
    assert condition("?a IN ()") == Literal(False)


def test_negation_optionals_values_and_aggregates_are_read() -> None:
    rule = body(
        "FILTER NOT EXISTS { GRAPH ?g { ?b ?m ?c } ?m rdfs:subPropertyOf :q FILTER(?c = ?a) }"
        "OPTIONAL { GRAPH ?o { ?b :q ?d } FILTER(?d > ?a) } OPTIONAL { ?a :s ?i ; :t ?j }"
        "BIND(IRI(STR(?d)) AS ?n) FILTER(?n != ?i)"
        "{ SELECT ?a (MIN(STR(?k)) AS ?v) (count(?k) AS ?w) WHERE {"
        "  GRAPH ?s { ?a :q ?t } BIND(?t AS ?k) FILTER(?t > 1) } GROUP BY ?a }"
        "OPTIONAL { SELECT ?b (MAX(?k) AS ?z) { GRAPH ?s { ?b :q ?k } } GROUP BY ?b }"
    )
    same, k, s, t = Call("=", (C, A)), Var("k"), Var("s"), Var("t")
    assert rule.absent == (Absent((Atom(B, M, C, G), Atom(M, iri("rdfs", "subPropertyOf"), x("q"))), (same,)),)
    assert rule.optional == (
        Optionally((Atom(B, x("q"), D, Var("o")),), (Call(">", (D, A)),)),
        Optionally((Atom(A, x("s"), Var("i")), Atom(A, x("t"), Var("j")))),
    )
    assert rule.binds == (Bind(N, Call("IRI", (Call("STR", (D,)),))),)
    assert rule.conditions == (Call("!=", (N, Var("i"))),)
    results = ((V, "MIN", Call("STR", (k,))), (Var("w"), "COUNT", k))
    over_one = (Call(">", (t, integer("1"))),)
    assert rule.aggregates == (
        Aggregate((A,), results, (Atom(A, x("q"), t, s),), over_one, (Bind(k, t),)),
        Aggregate((B,), ((Var("z"), "MAX", k),), (Atom(B, x("q"), k, s),), optional=True),
    )


DIRECTIVE = "# widest: ?n by ?a ?b over ?f - ?u unbounded, ?cf - ?cu empty\n"
BUILDING = (
    f"{DECLARED}\nCONSTRUCT {{ ?n :a ?a ; :b ?b ; :f ?f ; :u ?u ; :cf ?cf ; :cu ?cu }}\n"
    "WHERE { ?a :p ?b OPTIONAL { GRAPH ?g { ?a :f ?f ; :u ?u } } OPTIONAL { ?b :cf ?cf ; :cu ?cu ; :z ?z }\n"
    "BIND(IRI(STR(?b)) AS ?n) }"
)


def test_the_widest_are_asked_for_in_a_comment() -> None:
    f, u, cf, cu = Var("f"), Var("u"), Var("cf"), Var("cu")
    expected = Widest(N, (A, B), ((f, u), (cf, cu)), (False, True))
    assert read(LABELS + DIRECTIVE + BUILDING).widest == expected
    assert read(LABELS + BUILDING.replace("CONSTRUCT", f"#widest:  {DIRECTIVE[10:]}CONSTRUCT")).widest == expected
    assert read(LABELS + BUILDING).widest is None
