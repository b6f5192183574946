"""One small graph in every format, and the ways to pack it."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Mapping

import zstandard

#: One person with a name in two languages and an address node: four triples.
TURTLE = """@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix id: <https://w3id.org/kgtool/id/region/> .

id:agathe foaf:name "Agathe Lefèvre"@fr ;
    foaf:based_near [ foaf:name "Lille" ] ;
    foaf:age 41 .
"""

NTRIPLES = """# one person
<https://w3id.org/kgtool/id/region/agathe> <http://xmlns.com/foaf/0.1/name> "Agathe Lefèvre"@fr .
<https://w3id.org/kgtool/id/region/agathe> <http://xmlns.com/foaf/0.1/based_near> _:place .
_:place <http://xmlns.com/foaf/0.1/name> "Lille" .
<https://w3id.org/kgtool/id/region/agathe> <http://xmlns.com/foaf/0.1/age> "41"^^<XSDinteger> .
""".replace("XSD", "http://www.w3.org/2001/XMLSchema#")

JSONLD = """{
  "@context": {"foaf": "http://xmlns.com/foaf/0.1/"},
  "@id": "https://w3id.org/kgtool/id/region/agathe",
  "foaf:name": {"@value": "Agathe Lefèvre", "@language": "fr"},
  "foaf:based_near": {"foaf:name": "Lille"},
  "foaf:age": 41
}
"""

RDFXML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rdf:RDF [
  <!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">
  <!ENTITY id "https://w3id.org/kgtool/id/region/">
]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:foaf="http://xmlns.com/foaf/0.1/">
  <rdf:Description rdf:about="&id;agathe">
    <foaf:name xml:lang="fr">Agathe Lefèvre</foaf:name>
    <foaf:based_near><rdf:Description><foaf:name>Lille</foaf:name></rdf:Description></foaf:based_near>
    <foaf:age rdf:datatype="&xsd;integer">41</foaf:age>
  </rdf:Description>
</rdf:RDF>
"""

#: The same graph by format name.
DOCUMENTS: Mapping[str, bytes] = {
    "turtle": TURTLE.encode(),
    "trig": TURTLE.encode(),
    "ntriples": NTRIPLES.encode(),
    "nquads": NTRIPLES.encode(),
    "jsonld": JSONLD.encode(),
    "rdfxml": RDFXML.encode(),
}

EXTENSION: Mapping[str, str] = {
    "turtle": "ttl",
    "trig": "trig",
    "ntriples": "nt",
    "nquads": "nq",
    "jsonld": "jsonld",
    "rdfxml": "rdf",
}

PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": zstandard.compress,
}
