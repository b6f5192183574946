"""IdRef: authorities of people and concepts from RDF/XML."""

from __future__ import annotations

from pathlib import Path

from .reading import every_file, read, written


def test_a_person_has_names_identifiers_and_documents(samples: Path) -> None:
    found = read("idref", samples / "idref_people_rdf/idref_person.rdf")
    me = "<https://w3id.org/kgtool/id/idref/026675846>"
    assert found.faults == []
    assert found.ask(
        f"""{me} a foaf:Person ; rdfs:label "Jean-Louis Abatut" ; skos:altLabel "Abatut, Jean-Louis" ;
        schema:sameAs <http://www.idref.fr/026675846/id> , <https://isni.org/isni/0000000108743640> ;
        schema:identifier [ schema:propertyID "VIAF" ; schema:value "17218062" ]"""
    )
    assert found.ask(f"?d schema:author {me} ; schema:url <https://www.sudoc.fr/099123932/id>")
    assert not found.ask("?s ?p ?o FILTER(CONTAINS(STR(?o), 'Ingénieur') || CONTAINS(STR(?o), 'geonames'))")


def test_a_concept_is_a_theme_with_a_name_in_each_language(samples: Path) -> None:
    found = read("idref", *every_file(samples / "idref_concepts_rdf"))
    assert found.ask(
        """<https://w3id.org/kgtool/id/idref/082303363> a kg:Theme ; rdfs:label "Bouillabaisse"@fr ;
        skos:altLabel "Bouillabaisses" ; skos:broader <https://w3id.org/kgtool/id/idref/027652572>"""
    )
    assert not found.ask("?theme a foaf:Person")


def test_rdf_that_is_cut_or_explodes_is_told(samples: Path, tmp_path: Path) -> None:
    whole = (samples / "idref_people_rdf/idref_person.rdf").read_text(encoding="utf-8")
    bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>' + whole.partition("?>")[2].replace("Ingénieur", "&c;")
    for text in (whole[:3000], bomb, "<a/><b/>", ""):
        found = read("idref", written(tmp_path, text, "in.rdf"))
        assert (found.records, len(found.faults)) == ([], 1)
