"""Where a page sends those who ask why a triple holds."""

from __future__ import annotations

from flask import url_for
from pyoxigraph import Literal, NamedNode

from kgtool.vocabulary import PREFIXES
from kgtool.web.localising import in_language
from kgtool.web.views import Cell


def why(subject: str, predicate: str, value: Cell, datatype: str | None = None) -> str | None:
    """Give the address of the explanation of a triple; None where a part of it is a blank node.

    :param datatype: the IRI of the value's datatype, if it is a literal.
    """
    if value.iri:
        term = str(NamedNode(value.iri))
    elif value.language:
        term = str(Literal(value.text, language=value.language))
    elif datatype:
        term = str(Literal(value.text, datatype=NamedNode(datatype)))
    else:
        return None
    place = url_for("explaining.explain", s=f"<{subject}>", p=f"<{predicate}>", o=term, format="html")
    return in_language(place)


def affiliation(person: str, organisation: Cell) -> str | None:
    """Give the address that says why a person is affiliated with an organisation."""
    return why(person, f"{PREFIXES['kg']}affiliatedWith", organisation)
