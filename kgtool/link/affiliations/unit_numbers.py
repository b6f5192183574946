"""Numbers of French research units in their many spellings: "UMR 8199", "UMR_S1190", "CNRS-UMR 1283/8199", "Inserm
U1190".

A unit's label is a kind ("UMR", "EA") and a number, which is unique only within the institutions that give it: UMR 1190
is one unit at INRAE and another at Inserm. So kinds that name one register are put together (:data:`FAMILIES`), and
what
a number alone cannot tell is left to the context.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Spelling to family. Inserm writes its mixed units UMR_S or U; an EA became a UR, ULR, UPR-EA … with its number.
FAMILIES: Final = {
    "UMR": "UMR", "UMRS": "U", "UMRT": "UMR", "UMRM": "UMR", "UMRD": "UMR", "UMRMD": "UMR", "UMRA": "UMR",
    "U": "U", "UNITE": "U", "INSERM": "U", "INSERMU": "U", "US": "US", "UMS": "UMS", "UAR": "UMS", "USR": "UMS",
    "EA": "EA", "UR": "EA", "ULR": "EA", "URP": "EA", "UPRES": "EA", "UPRESEA": "EA", "UREA": "EA",
    "ERL": "ERL", "FR": "FR", "FED": "FR", "FRE": "FRE", "UPR": "UPR", "UPS": "UPS", "CIC": "CIC", "GDR": "GDR",
    "IRL": "UMI", "UMI": "UMI", "EMR": "EMR", "ERS": "ERL", "EMRS": "ERL", "JE": "EA", "UMRI": "UMR", "ESE": "EA",
    "UMRCNRS": "UMR", "URA": "URA", "UNR": "EA", "SFR": "FR", "UMRINSERM": "U", "UMRINRAE": "UMR",
}  # fmt: skip
_KINDS: Final = "|".join(
    (
        "UMR[ _-]?(?:S|T|M|D|MD|A|I)", "UMR", "UPRES[ -]?EA", "UPRES", "UNIT[EÉ]", "Unit[eé]", "INSERM", "Inserm",
        "U", "US", "UMS", "UAR", "USR", "EA", "UR", "ULR", "URP", "UR[ -]?EA", "ERL", "FR", "FED", "FRE", "UPR", "UPS",
        "CIC", "GDR", "IRL", "UMI", "EMR", "ERS", "JE", "SFR", "URA", "UNR",
    )
)  # fmt: skip
_BODY: Final = r"(?:CNRS|C\.N\.R\.S\.|Inserm|INSERM|INRAE?|IRD|CEA|CIRAD|Univ(?:ersit[eé])?|MNHN|AP-?HP|EFS)"
_LABEL: Final = re.compile(
    rf"(?<![^\W_])(?P<kind>{_KINDS})[ _:-]*(?:(?:n[°o]?\.?|{_BODY})[ _-]*)?(?P<letter>[SUTMDA][ _-]?)?"
    r"(?P<number>\d{1,5})(?!\d|[.,]\d)"
    rf"(?P<more>(?:\s*[/&-]\s*(?:{_BODY}[ -]*)?(?:U|UMR)?[ -]?\d{{2,5}}(?!\d))*)"
)
_NUMBER: Final = re.compile(r"(?P<inserm>(?:Inserm|INSERM)[ -]*U?|(?<!\w)U)?[ -]?(?P<number>\d{2,5})")


@dataclass(frozen=True, slots=True)
class UnitNumber:
    """A unit's label found in a text: its family, number and offsets."""

    family: str
    number: int
    start: int
    end: int

    @property
    def key(self) -> str:
        """Family and number as one word.

        >>> UnitNumber("UMR", 8199, 0, 8).key
        'UMR8199'
        """
        return f"{self.family}{self.number}"


def unit_numbers(text: str) -> list[UnitNumber]:
    """Give the unit numbers that a text holds.

    >>> [u.key for u in unit_numbers("CNRS-UMR 8199, UMR_S 1190, EA4483, Inserm U1283, F-59000 Lille")]
    ['UMR8199', 'U1190', 'EA4483', 'U1283']
    >>> [u.key for u in unit_numbers("UMR 1283/8199, UMR CNRS 8576")]
    ['UMR1283', 'UMR8199', 'UMR8576']
    >>> unit_numbers("4483 rue de la Paix")
    []
    """
    found = []
    for match in _LABEL.finditer(text):
        kind = re.sub(r"[ _-]", "", match["kind"]).upper().replace("É", "E")
        if kind == "UMR" and match["letter"] and match["letter"][0] in "SU":
            kind = "UMRS"
        family = FAMILIES.get(kind)
        if family is None or (kind in ("UNITE", "FR", "US", "U") and len(match["number"]) < 2):
            continue
        found.append(UnitNumber(family, int(match["number"]), match.start(), match.end("number")))
        for more in _NUMBER.finditer(match["more"] or ""):
            at = match.start("more")
            other = "U" if more["inserm"] else family
            found.append(UnitNumber(other, int(more["number"]), at + more.start(), at + more.end()))
    return found
