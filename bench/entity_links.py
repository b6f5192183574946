"""Whether ``kgtool link entities`` chooses the right records of registries for what the region's own sources name.

The store holds the sources of ``data/`` alone, and ROR, RNSR and FINESS as ``kgtool import`` brings them, not
reconciled with one another. Each thing of the sources is linked with what identifies it hidden: so names, places,
unit numbers, home pages and supervisors have to do. A link is judged by what was hidden: the same identifier of a
register in which a thing has one alone is right, another one is wrong. ``entity_links.tsv`` judges by hand, with
reasons that stand in the data, links of things that have no such identifier. What neither judges is listed and
counted nowhere.

Recall is of the things that have a record with their identifier, or one that was judged right by hand, per registry.
What was judged by hand is what linking proposed at some time, chosen or not: what it never proposes is missing on
both sides. The region's registries hold no projects and no themes, so nothing is measured of these.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from _measuring import ROOT, line, report

from kgtool.graph import KnowledgeGraph
from kgtool.link.entities.entity import Entity
from kgtool.link.entities.links import CHOSEN, find_links
from kgtool.link.entities.reading import read_entities
from kgtool.link.entities.rules import rules
from kgtool.vocabulary import ID_BASE

SHARED = ROOT / os.environ.get("KGTOOL_SHARED", "../shared") / "open-data"
JUDGED = Path(__file__).with_name("entity_links.tsv")
IMPORTS = {
    "ror": "ror/ror-detailed-51k.jsonl.gz",
    "rnsr": "registries/rnsr-structures-actives-2022.csv.gz",
    "finess": "registries/finess-dataesr-hospitals.jsonl.gz",
}
RIGHT, WRONG = "same", "different"


def made_store(folder: Path) -> Path:
    """Make a store of the region's own sources and of the registries, each by itself."""
    sources = folder / "sources"
    sources.mkdir()
    for file in (ROOT / "data").glob("*.ttl"):
        shutil.copy(file, sources)
    store = folder / "store"
    KnowledgeGraph.build(store, [sources])
    for name, records in IMPORTS.items():
        words = ["import", name, str(SHARED / records), "--region", "hauts-de-france", "--date", "2026-06"]
        command = [sys.executable, "-m", "kgtool", "--store", str(store), *words]
        subprocess.run(command, check=True, capture_output=True)
    return store


def judged_by_hand() -> dict[tuple[str, str], str]:
    """Read the links judged by hand: ends behind ``KGTOOL_BASE``, and the judgement."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {(ID_BASE + row["this"], ID_BASE + row["that"]): row["judgement"] for row in rows}


def by_identifier(one: Entity, other: Entity) -> str | None:
    """Judge two things by their identifiers, of registers in which a thing has one alone."""
    if any(rules().scheme(scheme).one for scheme, _ in one.identifiers.keys() & other.identifiers.keys()):
        return RIGHT
    schemes = {scheme for scheme, _ in one.identifiers} & {scheme for scheme, _ in other.identifiers}
    return WRONG if any(rules().scheme(scheme).one for scheme in schemes) else None


def main() -> None:
    if not SHARED.is_dir():
        sys.exit("the shared data sets are not there: set KGTOOL_SHARED")
    known = rules()
    with tempfile.TemporaryDirectory() as folder, KnowledgeGraph.open(made_store(Path(folder))) as graph:

        def ask(text: str, reasoning: bool) -> Any:
            return iter(graph.query(text, reasoning=reasoning))

        entities = read_entities(ask, known, ID_BASE)
    targets = [each for iri, each in entities.items() if known.registry_of(iri, ID_BASE)]
    subjects = [each for iri, each in entities.items() if not known.registry_of(iri, ID_BASE)]
    hidden = [replace(each, identifiers={}) for each in subjects]
    links, _ = find_links(hidden, targets, known, registry_of=lambda iri: known.registry_of(iri, ID_BASE) or "")
    by_hand = judged_by_hand()

    def judgement(pair: tuple[str, str]) -> str | None:
        return by_hand.get(pair) or by_identifier(entities[pair[0]], entities[pair[1]])

    chosen = [link for link in links if link.status == CHOSEN]
    told = [(link, judgement((link.subject, link.object))) for link in chosen]
    by_iri = {each.iri: each for each in targets}
    there = {
        (one.iri, other.iri)
        for one in subjects
        for other in targets
        if one.kind == other.kind and by_identifier(one, other) == RIGHT
    } | {pair for pair, said in by_hand.items() if said == RIGHT and pair[1] in by_iri}
    wanted = {(one, known.registry_of(other, ID_BASE)) for one, other in there}
    found = {(link.subject, link.registry) for link, said in told if said == RIGHT} & wanted
    right, wrong = (sum(said == each for _, said in told) for each in (RIGHT, WRONG))
    kinds = Counter((link.kind, link.registry, said or "not judged") for link, said in told)
    for (kind, registry, said), number in sorted(kinds.items()):
        print(f"  chosen, {kind}, {registry}, {said}: {number}")
    for link, said in told:
        if said != RIGHT:
            print(
                f"  {said or 'not judged'}: {link.subject[len(ID_BASE) :]} = {link.object[len(ID_BASE) :]}: {link.why}"
            )
    candidates = [link for link in links if link.status != CHOSEN]
    results = {
        "candidates": [(link.subject, link.object, link.why) for link in candidates],
        "wanted": len(wanted),
        "missed": sorted(wanted - found),
        "wrong": [(link.subject, link.object, link.why) for link, said in told if said == WRONG],
        "not judged": [(link.subject, link.object, link.why) for link, said in told if said is None],
        "precision": line("chosen that are right", right / max(1, right + wrong), 0.95, at_least=True, unit=" "),
        "recall": line(f"chosen of {len(wanted)}", len(found) / max(1, len(wanted)), 0.75, at_least=True, unit=" "),
    }
    report("entity_links", results)


if __name__ == "__main__":
    sys.exit(main())
