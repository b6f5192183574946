"""Small graphs: a region as kgtool's data describe it, and registries as imports do."""

from __future__ import annotations

from pathlib import Path

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import ID_BASE, PREFIXES

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + f"@base <{ID_BASE}> .\n"
HERE = f"{ID_BASE}here/"


def identifier(scheme: str, value: str, place: str) -> str:
    """Write an identifier as the data do, as objects of ``schema:identifier``."""
    node = f"<{place}/identifier/{scheme}-{value.rsplit('/', 1)[-1]}>"
    return f'{node} . {node} a schema:PropertyValue ; schema:propertyID "{scheme}" ; schema:value "{value}"'


REGION = f"""
<here/lille> a kg:City ; rdfs:label "Lille"@fr .
<here/chu> a kg:Hospital ; rdfs:label "CHU de Lille"@fr ; kg:locatedIn <here/lille> ;
    schema:identifier {identifier("ROR", "https://ror.org/02ppyfa04", "here")} .
<here/univ> a kg:University ; rdfs:label "Université de Lille"@fr, "University of Lille"@en .
<here/institute> a kg:ResearchBody ; rdfs:label "Institut Pasteur"@fr .
<here/moved> a kg:University ; rdfs:label "Université Nouvelle"@fr ;
    schema:identifier {identifier("ROR", "https://ror.org/02kzqn938", "here")} .
<here/u1190> a kg:ResearchUnit ; rdfs:label "U1190, recherche translationnelle sur le diabète"@fr .
<here/s1> a kg:Supervision ; kg:supervisedUnit <here/u1190> ; kg:supervisingInstitution <here/univ> ;
    kg:attestedOn "2022"^^xsd:gYear .
<here/ada> a kg:Researcher ; rdfs:label "Ada Byron" .
<here/m1> a kg:Membership ; org:member <here/ada> ; org:organization <here/u1190> .
<here/lone> a kg:Researcher ; rdfs:label "Jeanne Martin" .
<here/known> a kg:Researcher ; rdfs:label "Paul Durand" ;
    schema:identifier {identifier("ORCID", "0000-0002-1825-0097", "here")} .
<here/other> a kg:Researcher ; rdfs:label "Léa Roche" ;
    schema:identifier {identifier("ORCID", "0000-0001-5109-3700", "here")} .
<here/writer> a kg:Researcher ; rdfs:label "Émile Verdier" .
<here/article> a schema:ScholarlyArticle ; schema:author <here/writer> ;
    schema:name "Liver fibrosis after bariatric surgery in adults"@en .
<here/twice> a kg:Researcher ; rdfs:label "Zoé Blanc" ; schema:sameAs <http://www.idref.fr/189057041/id> ;
    schema:identifier {identifier("ORCID", "0000-0003-1415-9269", "here")} .
<here/mate> a kg:Researcher ; rdfs:label "Ben Zola" .
<here/friend> a kg:Researcher ; rdfs:label "Carl Friedrich Gauss" .
<here/p> a kg:Project ; rdfs:label "PreciNASH"@fr .
<here/pp1> a kg:Participation ; kg:project <here/p> ; kg:participant <here/mate> .
<here/pp2> a kg:Participation ; kg:project <here/p> ; kg:participant <here/friend> .
"""

ROR = """
<ror/place/lille> a kg:City ; rdfs:label "Lille" .
<ror/02ppyfa04> a kg:Hospital ; rdfs:label "Centre Hospitalier Universitaire de Lille"@fr .
<ror/0000lille> a kg:University ; rdfs:label "University of Lille"@en ; skos:altLabel "ULille" .
<ror/0000pastr> a kg:ResearchBody ; rdfs:label "Institut Pasteur"@fr .
<ror/0000paste> a kg:ResearchBody ; rdfs:label "Institut Pasteur"@fr .
<ror/0000nouve> a kg:University ; rdfs:label "Université Nouvelle"@fr .
<ror/0000autre> a kg:University ; rdfs:label "University of Nowhere"@en .
"""

RNSR = """
<rnsr/201019111J> a kg:ResearchUnit ; skos:altLabel "U 1190" ;
    rdfs:label "Recherche translationnelle sur le diabète"@fr .
<rnsr/200012345A> a kg:ResearchUnit ; rdfs:label "Recherche translationnelle sur le cœur"@fr ; skos:altLabel "U 9999" .
<rnsr/lille> a kg:University ; rdfs:label "Université de Lille"@fr .
<rnsr/201019111J/supervision/1> a kg:Supervision ; kg:supervisedUnit <rnsr/201019111J> ;
    kg:supervisingInstitution <rnsr/lille> ; kg:attestedOn "2022"^^xsd:gYear .
"""

HAL = f"""
<hal/ada> a foaf:Person ; foaf:name "BYRON Ada" .
<hal/lille> a kg:University ; rdfs:label "Université de Lille"@fr .
<hal/m> a kg:Membership ; org:member <hal/ada> ; org:organization <hal/lille> .
<hal/jeanne> a foaf:Person ; foaf:name "Jeanne Martin" .
<hal/paul> a foaf:Person ; foaf:name "P. Durand" ;
    schema:identifier {identifier("ORCID", "https://orcid.org/0000-0002-1825-0097", "hal")} .
<hal/lea> a foaf:Person ; foaf:name "Léa Roche" ;
    schema:identifier {identifier("ORCID", "0000-0002-1694-233X", "hal")} .
<hal/emile> a foaf:Person ; foaf:name "E. Verdier" .
<hal/article> a schema:ScholarlyArticle ; schema:author <hal/emile> ;
    rdfs:label "Liver Fibrosis after Bariatric Surgery in Adults." .
<hal/zoe> a foaf:Person ; foaf:name "Zoé Blanc" ; schema:sameAs <http://www.idref.fr/127373624/id> ;
    schema:identifier {identifier("ORCID", "0000-0003-1415-9269", "hal")} .
<hal/ben> a foaf:Person ; foaf:name "Zola, Ben" .
<hal/carl> a foaf:Person ; foaf:name "Gauss, Carl Friedrich" .
<hal/paper> a schema:ScholarlyArticle ; rdfs:label "On livers" ; schema:author <hal/ben>, <hal/carl> .
"""

GRAPHS = {"region": REGION, "ror": ROR, "rnsr": RNSR, "hal": HAL}


def make_store(store: Path, graphs: dict[str, str] | None = None) -> Path:
    """Make a store of the packaged ontology and small graphs."""
    KnowledgeGraph.build(store, with_data=False)
    with KnowledgeGraph.open(store, write=True) as graph:
        for name, text in (graphs or GRAPHS).items():
            data = (PROLOGUE + text).encode()
            graph.load(sources_of_bytes(data, name=name, graph=f"urn:kgtool:source:{name}", format="turtle"))
    return store
