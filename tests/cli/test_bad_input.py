"""What each command says to bad input: what, where, what to do; the contract's exit code; the store as before."""

from __future__ import annotations

import gzip
import json
import os

import click
import pytest

QUERY = "SELECT ?s WHERE { ?s ?p ?o }"

#: Every command on a store that does not exist. (`load`, `build` and `import` make one, `reconcile` needs none.)
WITHOUT_STORE = {
    "explain": ("explain", "<urn:x:a>", "a", "<urn:x:b>"),
    "unload": ("unload", "urn:x:g"),
    "query": ("query", QUERY),
    "ask": ("ask", "people"),
    "update": ("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }"),
    "export": ("export",),
    "entails": ("entails", "good.ttl"),
    "validate": ("validate",),
    "reason": ("reason",),
    "stats": ("stats",),
    "serve": ("serve", "--port", "0"),
    "backup": ("backup", "copy"),
    "check": ("check",),
    "link": ("link", "entities"),
    "forget": ("forget", "urn:x:somebody"),
}

#: Arguments, and what the message has to hold.
WRONG = {
    "backup: a folder that holds other things": (("backup", "broken"), "broken"),
    "restore: no such folder": (("restore", "nowhere"), "nowhere"),
    "restore: a folder that is no store": (("restore", "broken"), "broken"),
    "check: an unknown option": (("check", "--nothing"), "--nothing"),
    "link: an unknown command": (("link", "nothing"), "nothing"),
    "link: nothing to link with": (("link", "entities"), "kgtool import"),
    "link: no such graph": (("link", "entities", "--against", "urn:x:absent"), "urn:x:absent"),
    "link: no such day": (("link", "entities", "--date", "2026-13-01"), "2026-13-01"),
    "link: no such link": (("link", "review", "--accept", "x1", "--by", "A"), "x1"),
    "link: nobody decides": (("link", "review", "--accept", "x1"), "who"),
    "link: two decisions": (("link", "review", "--accept", "x1", "--undo", "x1"), "--undo"),
    "link: no such file": (("link", "people", "absent.jsonl"), "absent.jsonl"),
    "link: no names in a file": (("link", "people", "good.ttl", "--against", "good.ttl"), "good.ttl:1"),
    "link: unknown format": (("link", "export", "-f", "xlsx"), "xlsx"),
    "forget: nobody": (("forget",), "IRI"),
    "forget: no IRI": (("forget", "some body"), "some body"),
    "import: no such registry": (("import", "nothing", "good.ttl"), "nothing"),
    "import: no such file": (("import", "ror", "absent.json"), "absent.json"),
    "import: no record in a file": (("import", "ror", "good.ttl"), "good.ttl"),
    "import: no such region": (("import", "ror", "numbers.jsonld", "--region", "atlantis"), "atlantis"),
    "import: no such day": (("import", "ror", "numbers.jsonld", "--date", "2026-02-30"), "2026-02-30"),
    "reconcile: no service": (("reconcile", "good.ttl"), "--service"),
    "reconcile: no such file": (("reconcile", "absent.csv", "--service", "http://127.0.0.1:9/"), "absent.csv"),
    "reconcile: no address": (("reconcile", "table.csv", "--service", "somewhere"), "somewhere"),
    "build: no such folder": (("build", "nowhere"), "nowhere"),
    "build: a file for a folder": (("build", "good.ttl"), "good.ttl"),
    "build: a broken file": (("build", "broken"), "last.ttl:2"),
    "build: unknown engine": (("build", "--engine", "magic"), "magic"),
    "load: no file named": (("load",), "FILE"),
    "load: no such file": (("load", "good.ttl", "absent.ttl"), "absent.ttl"),
    "load: a folder": (("load", "broken"), "broken"),
    "load: an unknown ending": (("load", "data.xyz"), "data.xyz"),
    "load: standard input without a format": (("load", "-"), "format"),
    "load: broken Turtle after a good file": (("load", "good.ttl", "broken/last.ttl"), "last.ttl:2"),
    "load: broken N-Triples": (("load", "broken.nt"), "broken.nt:2"),
    "load: broken N-Quads": (("load", "broken.nq"), "broken.nq:2"),
    "load: broken TriG": (("load", "broken.trig"), "broken.trig:2"),
    "load: broken JSON-LD": (("load", "broken.jsonld"), "broken.jsonld"),
    "load: broken RDF/XML": (("load", "broken.rdf"), "broken.rdf"),
    "load: truncated gzip": (("load", "cut.nt.gz"), "cut.nt.gz"),
    "load: not gzip": (("load", "plain.nt.gz"), "plain.nt.gz"),
    "load: JSON without an object": (("load", "numbers.jsonld"), "no object"),
    "load: another engine than the store's": (("load", "good.ttl", "--engine", "none"), "engine"),
    "load: an ontology for a store that is there": (("load", "good.ttl", "--ontology"), "ontology"),
    "load: Latin-1": (("load", "latin.ttl"), "latin.ttl"),
    "load: the wrong ending": (("load", "turtle.nt"), "turtle.nt:1"),
    "load: zeros": (("load", "zeros.ttl"), "zeros.ttl:1"),
    "load: a relative IRI": (("load", "relative.nt"), "relative.nt:1"),
    "load: a graph that is no IRI": (("load", "good.ttl", "--graph", "not an iri"), "not an iri"),
    "load: a reserved graph": (("load", "good.ttl", "--graph", "urn:kgtool:inferred"), "urn:kgtool:inferred"),
    "unload: no such graph": (("unload", "urn:x:absent"), "urn:x:absent"),
    "unload: one of two is absent": (("unload", "urn:kgtool:source:people.ttl", "urn:x:absent"), "urn:x:absent"),
    "unload: no IRI": (("unload", "people ttl"), "people ttl"),
    "query: nothing asked": (("query",), "TEXT"),
    "query: asked twice": (("query", QUERY, "-q", QUERY), "TEXT"),
    "query: no such file": (("query", "absent.rq"), "absent.rq"),
    "query: a folder": (("query", "broken"), "broken"),
    "query: not SPARQL": (("query", "SELECT ?s WHERE { ?s ?p }"), "query:1:"),
    "query: not UTF-8": (("query", "latin.ttl"), "latin.ttl:2:20"),
    "query: an update": (("query", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }"), "query"),
    "query: a format that does not fit": (("query", QUERY, "-f", "turtle"), "turtle"),
    "query: ASK has no triples": (("query", "ASK {}", "-f", "turtle"), "the answer to ASK cannot"),
    "query: an unknown format": (("query", QUERY, "-f", "pdf"), "pdf"),
    "query: no time": (("query", QUERY, "--timeout", "0"), "timeout"),
    "query: another server": (("query", "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"), "SERVICE"),
    "ask: no such question": (("ask", "people"), "keeps no questions"),
    "ask: no time": (("ask", "people", "--timeout", "0"), "timeout"),
    "ask: a parameter without a question": (("ask", "--place", "urn:x:a"), "--place"),
    "update: nothing given": (("update",), "TEXT"),
    "update: no time": (("update", "DELETE WHERE { ?s ?p ?o }", "--timeout", "0"), "timeout"),
    "update: not SPARQL": (("update", "INSERT DATA { <urn:x:a> }"), "update:1:25"),
    "update: the last operation fails": (
        ("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 } ; LOAD <file:///etc/hostname>"),
        "LOAD",
    ),
    "update: a reserved graph": (
        ("update", "INSERT DATA { GRAPH <urn:kgtool:inferred> { <urn:x:a> <urn:x:p> 1 } }"),
        "urn:kgtool:inferred",
    ),
    "export: an unknown format": (("export", "-f", "pdf"), "pdf"),
    "export: no such graph": (("export", "--graph", "urn:x:absent"), "urn:x:absent"),
    "export: no folder for the file": (("export", "-o", "nowhere/all.ttl"), "nowhere"),
    "entails: no such file": (("entails", "absent.ttl"), "absent.ttl"),
    "entails: broken": (("entails", "broken/last.ttl"), "last.ttl:2"),
    "validate: no such file": (("validate", "absent.ttl"), "absent.ttl"),
    "validate: broken": (("validate", "broken/last.ttl"), "last.ttl:2"),
    "explain: half a triple": (("explain", "<urn:x:a>", "a"), "triple"),
    "explain: no such thing": (("explain", "Nobody at all", "a", "foaf:Person"), "Nobody at all"),
    "explain: an unknown prefix": (("explain", "<urn:x:a>", "what:ever", "<urn:x:b>"), "what:ever"),
    "explain: an unfinished literal": (("explain", "<urn:x:a>", "rdfs:label", '"half'), '"half'),
    "explain: no proofs": (("explain", "<urn:x:a>", "a", "<urn:x:b>", "--limit", "0"), "limit"),
    "reason: unknown engine": (("reason", "--engine", "magic"), "magic"),
    "stats: an argument too many": (("stats", "people"), "people"),
    "serve: no port": (("serve", "--port", "high"), "PORT"),
    "no such command": (("frobnicate",), "frobnicate"),
}


@pytest.fixture
def littered(people, write):
    """A good store among broken files."""
    write("good.ttl", "<urn:x:good> <urn:x:p> 1 .\n")
    write("data.xyz", "<urn:x:a> <urn:x:p> 1 .\n")
    write("broken/first.ttl", "<urn:x:first> <urn:x:p> 1 .\n")
    write("broken/last.ttl", '<urn:x:a> <urn:x:p> "good" .\n<urn:x:a> <urn:x:p> "open\n')
    write("broken.nt", "<urn:x:a> <urn:x:p> <urn:x:b> .\n<urn:x:a> <urn:x:p> .\n")
    write("broken.nq", "<urn:x:a> <urn:x:p> <urn:x:b> <urn:x:g> .\n<urn:x:a> <urn:x:p> .\n")
    write("broken.trig", "<urn:x:g> { <urn:x:a> <urn:x:p> <urn:x:b> }\n<urn:x:g> { <urn:x:a> <urn:x:p> }\n")
    write("broken.jsonld", '{"@id": "urn:x:a",\n "urn:x:p": [1, 2}\n')
    write("broken.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description>\n')
    packed = gzip.compress(b"".join(b"<urn:x:s%d> <urn:x:p> <urn:x:b> .\n" % n for n in range(5000)))
    write("cut.nt.gz", packed[: len(packed) // 2])
    write("plain.nt.gz", "<urn:x:a> <urn:x:p> <urn:x:b> .\n")
    write("numbers.jsonld", "[1, 2, 3]")
    write("table.csv", "name\nsomebody\n")
    write("latin.ttl", '# un\n<urn:x:a> <urn:p> "\xe9t\xe9" .\n'.encode("latin-1"))
    write("turtle.nt", "@prefix x: <urn:x:> .\nx:a x:p x:b .\n")
    write("relative.nt", "<a> <urn:x:p> <urn:x:b> .\n")
    with write("zeros.ttl", b"").open("r+b") as zeros:
        zeros.truncate(2**30)  # a gigabyte of nothing, sparse on the disk
    return people


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_told_and_leaves_the_store_as_it_was(littered, name):
    args, told = WRONG[name]
    before = littered.content()
    done = littered(*args, code=2)
    assert done.stdout == b""
    message = done.stderr.decode()
    assert told.lower() in message.lower(), message
    assert len(message) < 2000, "an error is one line or a few"
    assert littered.content() == before


def test_every_command_is_tried_with_wrong_input(people):
    from kgtool.cli.commands import cli

    commands = set(cli.list_commands(click.Context(cli)))
    assert commands <= {name.split(":")[0] for name in WRONG}
    assert commands == {*WITHOUT_STORE, "load", "build", "restore", "import", "reconcile"}


@pytest.mark.parametrize("args", WITHOUT_STORE.values(), ids=WITHOUT_STORE)
def test_a_missing_store_is_named_and_not_made(kgtool, write, args):
    write("good.ttl", "<urn:x:good> <urn:x:p> 1 .\n")
    done = kgtool(*args, code=2)
    assert str(kgtool.store) in done.stderr.decode()
    assert "kgtool build" in done.stderr.decode()
    assert done.stdout == b""
    assert not kgtool.store.exists()


def test_a_failed_first_load_leaves_no_store_behind(kgtool, write):
    write("broken.nt", "<urn:x:a> <urn:x:p> <urn:x:b> .\nnonsense\n")
    kgtool("load", "broken.nt", code=2)
    kgtool("stats", code=2)


def test_a_folder_of_something_else_is_not_taken_for_a_store(kgtool):
    kgtool.store.mkdir()
    (kgtool.store / "thesis.txt").write_text("years of work")
    for args in (("stats",), ("build", "--no-data"), ("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }")):
        done = kgtool(*args, code=None)
        assert done.returncode in (2, 4), args
        assert str(kgtool.store) in done.stderr.decode()
    assert [path.name for path in kgtool.store.iterdir()] == ["thesis.txt"]


def test_a_damaged_store_is_told(people):
    files = [path for path in people.store.rglob("*") if path.name.startswith(("CURRENT", "MANIFEST"))]
    assert files
    for file in files:
        file.write_bytes(b"not what it was")
    for args in (("stats",), ("query", QUERY), ("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }"), ("export",)):
        assert str(people.store) in people(*args, code=4).stderr.decode()


def test_wrong_data_are_refused_with_a_report(region, write):
    before = region.json("stats", "--json")
    write(
        "wrong.ttl",
        "@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix schema: <https://schema.org/> .\n"
        '<urn:x:ada> a kg:Researcher ; schema:identifier [ a schema:PropertyValue ; schema:propertyID "ORCID" ;\n'
        '  schema:value "https://orcid.org/0000-0002-1825-0098" ] .\n',
    )
    told = region("load", "wrong.ttl", code=2).stderr.decode()
    assert '"https://orcid.org/0000-0002-1825-0098" is not an ORCID' in told
    assert "[kg:OrcidShape]" in told
    assert "OrcidLinkShape" not in told
    assert region.json("stats", "--json") == before
    write("right.ttl", (region.cwd / "wrong.ttl").read_text().replace("0098", "0097"))
    region("validate", "right.ttl")


def test_a_bug_is_told_as_one_and_shows_its_place_on_request(people):
    (people.cwd / "sitecustomize.py").write_text(
        "import kgtool.graph\n"
        "def broken(self):\n    raise ZeroDivisionError('a fault put in by the test')\n"
        "kgtool.graph.KnowledgeGraph.stats = broken\n"
    )
    env = {"PYTHONPATH": os.pathsep.join((str(people.cwd), people.environment()["PYTHONPATH"]))}
    done = people("stats", env=env, code=70)
    assert "a fault put in by the test" in done.stderr.decode()
    assert "KGTOOL_DEBUG=1" in done.stderr.decode()
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        people("stats", env={**env, "KGTOOL_DEBUG": "1"}, code=None)


def test_refusals_as_json_are_json(littered):
    json.loads(littered("validate", "good.ttl", "--json").stdout)
