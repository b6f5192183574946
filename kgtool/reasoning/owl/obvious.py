"""Literals that need no second look: expressions that a SQL engine can pass over most literals with.

What one matches is well-formed, and a store keeps it as it is; what it does not match may be so too, and needs
:func:`~kgtool.reasoning.owl.lexical.is_well_formed`. The expressions are RE2's, which has neither look-ahead nor
references, and Python's alike, to be matched against the whole text. They are written without quotation marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kgtool.reasoning.owl.lexical import MONTH_AND_DAY
from kgtool.vocabulary import iri

_YEAR: Final = "[1-9][0-9]{3}"
_MONTH: Final = "(?:0[1-9]|1[0-2])"
_TIME: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
#: Every character of XML 1.1.
_TEXT: Final = "[\\x01-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*"

#: Datatype to expression, for the datatypes that a store keeps.
OBVIOUSLY_WELL_FORMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        iri(*name.split(":")).value: pattern
        for name, pattern in {
            "xsd:boolean": "true|false",
            # a store reckons with 64 bits, 18 digits after the full stop, and 24 bits of a float
            "xsd:integer": "0|-?[1-9][0-9]{0,17}",
            "xsd:decimal": r"0|-?[1-9][0-9]{0,17}|-?(?:0|[1-9][0-9]{0,17})\.[0-9]{0,17}[1-9]",
            "xsd:double": r"0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,7})\.[0-9]{0,5}[1-9]",
            "xsd:float": r"0|-?[1-9][0-9]{0,5}|-?(?:0|[1-9][0-9]{0,2})\.[0-9]{0,2}[1-9]",
            "xsd:dateTime": f"{_YEAR}-{MONTH_AND_DAY}T{_TIME}Z?",
            "xsd:date": f"{_YEAR}-{MONTH_AND_DAY}Z?",
            "xsd:time": f"{_TIME}Z?",
            "xsd:gYear": f"{_YEAR}Z?",
            "xsd:gYearMonth": f"{_YEAR}-{_MONTH}Z?",
            "xsd:gMonth": f"--{_MONTH}Z?",
            "xsd:gMonthDay": f"--{MONTH_AND_DAY}Z?",
            "xsd:gDay": "---(?:0[1-9]|[12][0-9]|3[01])Z?",
            "xsd:string": _TEXT,
            "xsd:normalizedString": "[ -~]*",
            "xsd:token": "(?:[!-~]+(?: [!-~]+)*)?",
            "xsd:language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
            "xsd:Name": "[A-Za-z_:][A-Za-z0-9_:.-]*",
            "xsd:NCName": "[A-Za-z_][A-Za-z0-9_.-]*",
            "xsd:NMTOKEN": "[A-Za-z0-9_:.-]+",
            "xsd:anyURI": _TEXT,
            "xsd:hexBinary": "(?:[0-9a-fA-F][0-9a-fA-F])*",
            "xsd:base64Binary": "(?:[A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/])*",
            "rdf:langString": _TEXT,
            "rdf:PlainLiteral": "[ -~]*@",
            "rdf:XMLLiteral": "[ -%(-;=?-~]*",
            "rdf:HTML": _TEXT,
            "rdfs:Literal": _TEXT,
        }.items()
    }
)
