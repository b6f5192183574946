"""Rule files: whatever is outside the language of rules is refused where it stands, in words, and with advice."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgtool import ParseError
from kgtool.reasoning.rulefiles import read_rule
from kgtool.vocabulary import PREFIXES

LABELS = "# fr: voisin\n# en: neighbour\n"
DECLARED = "PREFIX : <urn:x:> PREFIX f: <https://w3id.org/kgtool/function#> " + " ".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("rdf", "rdfs", "owl", "xsd")
)
DIRECTIVE = "# widest: ?n by ?a ?b over ?f - ?u unbounded\n"
SUB = "SELECT ?b (MIN(?x) AS ?v) { GRAPH ?g { ?b :q ?x } } GROUP BY ?b"


def assert_refused(text: str, what: str) -> None:
    """See to it that a text is refused at the place of its arrow, with these words."""
    place, text = text.index("↓"), text.replace("↓", "")
    with pytest.raises(ParseError) as caught:
        read_rule(text, "near", "rules/near.rq")
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    assert str(caught.value.where) == f"rules/near.rq:{line}:{column}", caught.value
    assert what in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "what"),
    [
        # triples
        ("?b :q↓+ ?c", "a path"),
        ("?b :q↓/:r ?c", "a path"),
        ("?b ↓^:q ?c", "a path"),
        ("?b ↓(:q|:r) ?c", "a path"),
        ("?b ↓!:q ?c", "a path"),
        ("?b a↓* ?c", "a path"),
        ("?b :q ↓(1 2)", "a list"),
        ("↓() :q ?b", "a list"),
        ("?b :q ↓<<( ?a :q ?c )>>", "a triple as a term"),
        ("?b :q ?c ↓{| :q 1 |}", "about a triple"),
        ("?b :q ?c ↓~ :r", "about a triple"),
        ('?b :q "x"↓@ar--rtl', "direction"),
        ("↓'x' :q ?b", "a literal as subject"),
        ("?b :q ↓<urn:\\u0041>", "outside the language of rules"),
        ("?b :q ↓?A", "?a and ?A differ in case only"),
        # groups
        ("{ ?b :q ?c } ↓UNION { ?b :r ?c }", "UNION is outside the language of rules; two ways to conclude"),
        ("↓{ ?b :q ?c }", "a group in a group"),
        ("↓MINUS { ?b :q ?c }", "write FILTER NOT EXISTS"),
        ("↓SERVICE :s { ?b :q ?c }", "SERVICE is outside"),
        ("↓VALUES ?c { 1 }", "write FILTER(?x IN (…))"),
        ("↓LATERAL { ?b :q ?c }", "LATERAL is outside"),
        ("GRAPH ↓<urn:kgtool:inferred> { ?b :q ?c }", "holds nothing that a source asserts"),
        ("GRAPH ?g ↓{ }", "a GRAPH without a triple"),
        ("GRAPH ?g { ?b :q ?c ↓FILTER(?c = 1) }", "FILTER inside GRAPH"),
        ("GRAPH ?g { ↓GRAPH ?h { ?b :q ?c } }", "GRAPH inside GRAPH"),
        # negation
        ("FILTER ↓EXISTS { GRAPH ?g { ?b :q ?a } }", "write it as a pattern"),
        ("FILTER(↓NOT EXISTS { GRAPH ?g { ?b :q ?a } })", "inside an expression"),
        ("FILTER NOT EXISTS { ?b ↓:q ?a }", "negation over what follows"),
        ("FILTER NOT EXISTS { GRAPH ?g { ?b :q ?c } ?c ↓:q ?a }", "negation over what follows"),
        ("FILTER NOT EXISTS { GRAPH ?g { ?b :q ?c } ?c rdfs:subClassOf ↓?a }", "negation over what follows"),
        ("FILTER NOT EXISTS { GRAPH ?g { ?b :q ?c } ↓:d rdfs:subClassOf :C }", "negation over what follows"),
        ("FILTER NOT EXISTS { GRAPH ?g { ?a a ?c } ↓?b rdfs:subClassOf :C }", "nothing asserted binds ?b here"),
        ("FILTER NOT EXISTS ↓{ ?b rdfs:subClassOf :C }", "a NOT EXISTS without GRAPH"),
        ("FILTER NOT EXISTS ↓{ FILTER(?b = 1) }", "a NOT EXISTS without GRAPH"),
        ("FILTER NOT EXISTS { FILTER ↓NOT EXISTS { GRAPH ?g { ?b :q ?c } } }", "NOT EXISTS inside NOT EXISTS"),
        ("FILTER NOT EXISTS { GRAPH ?g { ?b :q ?c } ↓BIND(1 AS ?x) }", "BIND inside NOT EXISTS"),
        ("FILTER NOT EXISTS { GRAPH ?g { ?b :q ?c } FILTER(↓?d = 1) }", "nothing binds ?d"),
        # OPTIONAL
        ("OPTIONAL { ↓OPTIONAL { ?b :q ?c } }", "OPTIONAL inside OPTIONAL"),
        ("OPTIONAL { GRAPH ?g { ?b :q ?c } ↓BIND(1 AS ?x) }", "BIND inside OPTIONAL"),
        ("OPTIONAL ↓{ FILTER(?a = 1) }", "an OPTIONAL without a triple"),
        ("OPTIONAL { ?b :q ?c ↓GRAPH ?g { ?b :q ?d } }", "outside GRAPH and something else"),
        ("OPTIONAL { ?b :q ?c ↓FILTER(?c = 1) }", "outside GRAPH and something else"),
        ("OPTIONAL { ?b :q ?c . ↓?a :q ?d }", "an OPTIONAL over what follows"),
        ("OPTIONAL { ?b ↓?q ?d }", "an OPTIONAL over what follows"),
        ("OPTIONAL { ?b :q ↓1 }", "an OPTIONAL over what follows"),
        ("OPTIONAL { ?b :q ↓?a }", "that looks for a given ?a"),
        ("OPTIONAL { ?b :q ↓?c ; :r ?c }", "that looks for a given ?c"),
        ("OPTIONAL { ↓?new :q ?c }", "nothing above binds ?new"),
        ("OPTIONAL { GRAPH ?g { ?b :q ↓?c } } ?c :q ?d", "?c is bound further down only"),
        ("OPTIONAL { GRAPH ?g { ?b :q ?c } } OPTIONAL { GRAPH ↓?g { ?b :q ?d } }", "two OPTIONALs bind ?g"),
        (
            "OPTIONAL { GRAPH ?g { ?b :q ?c } } FILTER NOT EXISTS { GRAPH ↓?g { ?b :q ?d } }",
            "an OPTIONAL may leave ?g unbound here",
        ),
        ("BIND(STR(?a) AS ?k) OPTIONAL { GRAPH ?g { ?b :q ?c } FILTER(↓?k > ?c) }", "looks at the computed ?k"),
        ("OPTIONAL { GRAPH ?g { ?b :q ?c } FILTER(↓?d > ?c) } OPTIONAL { ?a :q ?d }", "?d is bound further down only"),
        # BIND and FILTER
        ("BIND(STR(?a) AS ?k) ?b :q ↓?k", "?k is bound twice"),
        ("BIND(STR(?a) AS ?k) FILTER NOT EXISTS { GRAPH ?g { ?b :q ↓?k } }", "?k is bound twice"),
        ("BIND(STR(↓?c) AS ?k) ?b :q ?c", "?c is bound further down only"),
        ("BIND(STR(↓?c) AS ?k)", "nothing binds ?c"),
        ("FILTER(↓?c = 1)", "nothing binds ?c"),
        ("FILTER(?a < 1↓+2)", "arithmetic"),
        ("FILTER(↓-?a < 1)", "arithmetic"),
        ("FILTER(?a ↓-5 = 1)", "arithmetic"),
        ("FILTER(!↓!?a)", "a negation of a negation"),
        ("FILTER ↓REGEX(?a, 'x')", "the function REGEX is outside"),
        ("FILTER(↓isURI(?a))", "the nearest one in it is ISIRI"),
        ("FILTER(↓:lastDay(?a) = 1)", "the function <urn:x:lastDay> is outside"),
        ("FILTER(↓f:lastday(?a) = 1)", "the nearest one in it is <https://w3id.org/kgtool/function#lastDay>"),
        ("FILTER(↓xsd:date(?a, 1) = 1)", "with 2 arguments; give it 1"),
        ("FILTER(?a↓<?b&&?b>?a)", "outside the language of rules"),
        # sub-SELECTs
        ("{ SELECT ?b (MIN(?x) AS ?v) { ↓?b :q ?x } GROUP BY ?b }", "an aggregate over what follows"),
        (f"{{ {SUB.replace('(MIN', '(↓SUM')} }}", "SUM in SELECT"),
        (f"{{ {SUB.replace('(MIN(?x)', '(COUNT(↓*)')} }}", "COUNT(*)"),
        (f"{{ {SUB.replace('(MIN(?x)', '(COUNT(↓DISTINCT ?x)')} }}", "DISTINCT inside COUNT"),
        (f"{{ {SUB.replace('(?x) AS', '(?x) ↓+ 1 AS')} }}", "an expression of an aggregate"),
        (f"{{ {SUB.replace('SELECT', 'SELECT ↓DISTINCT')} }}", "SELECT DISTINCT"),
        ("{ SELECT ↓* { GRAPH ?g { ?b :q ?x } } }", "SELECT *"),
        ("{ ↓SELECT ?b { GRAPH ?g { ?b :q ?x } } }", "without MIN, MAX or COUNT"),
        ("{ ↓SELECT (MIN(?x) AS ?v) { GRAPH ?g { ?b :q ?x } } }", "without GROUP BY"),
        (f"{{ {SUB.replace('BY ?b', 'BY ↓?b ?x')} }}", "SELECT and GROUP BY differ in ?x"),
        (f"{{ {SUB} ↓HAVING(MIN(?x) > 1) }}", "HAVING after a sub-SELECT"),
        (f"{{ {SUB} ↓ORDER BY ?b }}", "ORDER after a sub-SELECT"),
        (f"{{ {SUB} ↓LIMIT 1 }}", "LIMIT after a sub-SELECT"),
        (f"{{ {SUB.replace('?x } }', '?x } ↓OPTIONAL { ?b :q ?y } }')} }}", "OPTIONAL inside a sub-SELECT"),
        (f"{{ {SUB.replace('?x } }', '?x } FILTER(↓?y = 1) }')} }}", "nothing binds ?y"),
        (f"{{ {SUB.replace('{ GRAPH', '{ BIND(STR(↓?x) AS ?y) GRAPH')} }}", "?x is bound further down only"),
        (
            f"{{ {SUB.replace('SELECT', '↓SELECT').replace('MIN(?x)', 'MIN(?y)')} }}",
            "nothing in the sub-SELECT binds ?y",
        ),
        (f"{{ {SUB.replace('{ GRAPH ?g { ?b :q ?x } }', '↓{ }')} }}", "an aggregate over nothing"),
        ("{ SELECT ?b (MIN(?x) AS ?v) ↓{ GRAPH ?g { ?a :q ?x } } GROUP BY ?b }", "no triple of the sub-SELECT has ?b"),
        (f"{{ {SUB} }} ?b :q ↓?v", "?v is bound twice"),
        (f"{{ {SUB.replace('?x', '↓?a', 1).replace('?x', '?a')} }}", "?a inside the sub-SELECT is another one"),
        (f"OPTIONAL {{ {{ {SUB} }} ↓FILTER(?v > 1) }}", "not alone in its OPTIONAL"),
        (f"OPTIONAL {{ {SUB.replace('?b', '↓?c', 1).replace('?b', '?c')} }}", "nothing but the OPTIONAL binds ?c"),
        (f"OPTIONAL {{ {SUB.replace('?b', '↓?c', 1).replace('?b', '?c')} }} ?c :q ?d", "?c is bound further down only"),
    ],
)
def test_what_a_body_may_not_hold(text: str, what: str) -> None:
    assert_refused(f"{LABELS}{DECLARED}\nCONSTRUCT {{ ?a :r ?b }} WHERE {{ ?a :p ?b .\n{text} }}", what)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("↓{ }", "concludes nothing"),
        ("{ ↓?o :r ?b }", "only an OPTIONAL binds ?o"),
        ("{ ↓?z :r ?b }", "nothing in the body binds ?z"),
        ("{ ?a :r ↓?z }", "nothing in the body binds ?z"),
        ("{ ?a ↓?b ?n }", "predicate is a variable"),
        ("{ ↓1 :r ?b }", "a literal as subject"),
        ("{ ?a :r ↓[] }", "may not make blank nodes; build an IRI"),
        ("{ ↓_:new :r ?b }", "may not make blank nodes"),
        ("{ ?a :r ↓() }", "may not make blank nodes"),
        ("{ ?a :r ?b ; ↓owl:sameAs ?b }", "No rule may conclude anything about classes and properties"),
        ("{ ?a ↓rdfs:subClassOf ?b }", "No rule may conclude anything about classes and properties"),
        ("{ ?a ↓a owl:TransitiveProperty }", "No rule may conclude anything about classes and properties"),
        ("{ ?a ↓rdf:rest ?b }", "No rule may conclude anything about classes and properties"),
        ("{ ?a a ↓?b }", "a type that could be any"),
        ("{ ?a :r ?b } ↓FROM :g", "chooses its dataset"),
    ],
)
def test_what_a_head_may_not_conclude(head: str, what: str) -> None:
    body = "WHERE { ?a :p ?b OPTIONAL { GRAPH ?g { ?a :f ?o } } BIND(IRI(STR(?b)) AS ?n) }"
    assert_refused(f"{LABELS}{DECLARED}\nCONSTRUCT {head} {body}", what)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("↓", "an empty rule"),
        (f"↓# fr: a\n{DECLARED}CONSTRUCT {{ ?a :p ?b }} WHERE {{ ?a :q ?b }}", "label in French and English"),
        (f"↓# fr: a\n# en: \n{DECLARED}CONSTRUCT {{ ?a :p ?b }} WHERE {{ ?a :q ?b }}", "label in French and English"),
        (f"{LABELS}↓# en: b\n{DECLARED}CONSTRUCT {{ ?a :p ?b }} WHERE {{ ?a :q ?b }}", "a second label in en"),
        (f"{LABELS}↓SELECT * WHERE {{ ?s ?p ?o }}", "a rule is one SPARQL CONSTRUCT"),
        (f"{LABELS}↓INSERT DATA {{ <urn:x:a> <urn:x:b> 1 }}", "a rule is one SPARQL CONSTRUCT"),
        (f"{LABELS}{DECLARED}\nCONSTRUCT ↓WHERE {{ ?a :q ?b }}", "short form"),
        (f"{LABELS}{DECLARED}\nCONSTRUCT {{ :a :p :b }} WHERE ↓{{ }}", "nothing has to be there"),
        (
            f"{LABELS}{DECLARED}\nCONSTRUCT {{ :a :p :b }} WHERE ↓{{ OPTIONAL {{ GRAPH ?g {{ ?a :q ?b }} }} }}",
            "has to be",
        ),
        (f"{LABELS}{DECLARED}\nCONSTRUCT {{ ?a :p ?b }} WHERE {{ ?a :q ?b }} ↓ORDER BY ?a", "ORDER after the WHERE"),
        (f"{LABELS}{DECLARED}\nCONSTRUCT {{ ?a :p ?b }} WHERE {{ ?a :q ?b }} ↓LIMIT 1", "LIMIT after the WHERE"),
        # no SPARQL: in the words that queries get
        (f"{LABELS}↓CONSTUCT {{ ?a ?b ?c }} WHERE {{ }}", "did you mean CONSTRUCT?"),
        (f"{LABELS}CONSTRUCT {{ ?a ↓kg:p ?b }} WHERE {{ ?a ?p ?b }}", "add PREFIX kg:"),
        (f"{LABELS}CONSTRUCT {{ ?a <urn:x:p> ?b }} WHERE ↓{{ ?a ?p ?b", "count the brackets"),
        # too large for parsers that recurse
        (f"{LABELS}CONSTRUCT {{ ?a <urn:x:p> {'[' * 39}↓{'[' * 9999}", "too large"),
        (
            f"{LABELS}CONSTRUCT {{ ?a <urn:x:p> ?b }} WHERE {{ ?a ?p ?b FILTER({'!' * 1987}↓{'!' * 9999}?a) }}",
            "too large",
        ),
    ],
)
def test_what_is_no_rule_at_all(text: str, what: str) -> None:
    assert_refused(text, what)


@pytest.mark.parametrize(
    ("directive", "head", "what"),
    [
        (f"{DIRECTIVE}↓{DIRECTIVE}", "", "a second “widest”"),
        ("", f"↓{DIRECTIVE}", "inside the query"),
        (DIRECTIVE.replace(": ?n by ?a ?b", ": ↓?n"), "", "cannot be read"),
        (DIRECTIVE.replace("unbounded", "unbounded,↓ ?f - ?u open"), "", "'?f - ?u open' is no interval"),
        (DIRECTIVE.replace("?n", "↓?b"), "", "which the rule does not build"),
        (DIRECTIVE.replace("?f", "↓?g"), "", "?g, which is not the value of one property"),
        (DIRECTIVE.replace("?a", "↓?a"), "; :c ?a", "?a, which is not the value of one property"),
        (DIRECTIVE, ". ↓?b :n ?n", "speaks of something else than ?n"),
        (DIRECTIVE.replace("?a ?b", "↓?f ?a"), "", "which an OPTIONAL may leave unbound"),
    ],
)
def test_a_directive_that_does_not_fit_its_rule(directive: str, head: str, what: str) -> None:
    body = "WHERE { ?a :p ?b OPTIONAL { GRAPH ?g { ?a :f ?f ; :u ?u } } BIND(IRI(STR(?b)) AS ?n) }"
    text = f"{LABELS}{directive}{DECLARED}\nCONSTRUCT {{ ?n :a ?a ; :b ?b ; :f ?f ; :u ?u {head}\n}} {body}"
    assert_refused(text, what)


WORDS = """CONSTRUCT WHERE GRAPH FILTER NOT EXISTS OPTIONAL BIND SELECT GROUP BY MIN COUNT AS UNION BOUND STR IN a
true { } { } ( ) [ ] . ; , = ! && || < - * / ^ ^^ ?a ?b ?c ?g _:x :p :q rdfs:subClassOf xsd:integer <urn:x:g> <r> 1 1.
-2.5 1e0 'x' "y @fr @ar--rtl ~ <<( )>> f:lastDay # %"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=30), st.booleans())
@example(["GRAPH", "?g", "{", "?a", ":p", "1", "}", "."], True)
def test_no_words_end_in_another_error(words: list[str], complete: bool) -> None:
    end = "}" if complete else ""
    with contextlib.suppress(ParseError):
        read_rule(f"{LABELS}{DECLARED} CONSTRUCT {{ ?a :r ?b }} {{ ?a :p ?b {' '.join(words)} {end}", "r", "r.rq")


@given(st.text(st.characters()) | st.text(st.characters(codec=None, categories=None)))
@example("\ud800")
@example("# widest: ?" + "a" * 30_000)
@example("CONSTRUCT { ?a ?b 'x\\U00110000' } WHERE { ?a ?b ?c }")
def test_no_text_ends_in_another_error(text: str) -> None:
    for given_text in (text, LABELS + text, f"{LABELS}# widest: {text}\nCONSTRUCT {{ ?a <urn:x:p> 1 }} {{ ?a ?b ?c }}"):
        with contextlib.suppress(ParseError):
            read_rule(given_text, "r", "r.rq")
