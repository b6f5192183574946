"""Why a candidate is one, in words that a reader can check against the string and the registry."""

from __future__ import annotations

from typing import Any, Final

from kgtool.link.affiliations import countries
from kgtool.link.affiliations.features import FEATURES, Candidates
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.index_building import LEAST_SHARE
from kgtool.link.affiliations.memory import Memory
from kgtool.link.affiliations.registries import NAME_KINDS
from kgtool.link.affiliations.retrieval import EXACT, LEARNT, NEAR, NUMBER, PAIRED, PARTIAL, Evidence
from kgtool.link.affiliations.strings import Strings

_KIND = {"ror_display": "name", "label": "name", "alias": "other name", "acronym": "acronym"}
#: How alike a labelled string must be to be told of where there is other evidence.
_ALIKE: Final = 0.5


def span_of(strings: Strings, found: Candidates, at: int) -> tuple[int, int]:
    """Give the offsets of the words that speak for a candidate."""
    first, last = int(found.first[at]), int(found.last[at])
    return int(strings.start[first]), int(strings.end[last])


def reason(strings: Strings, evidence: Evidence, found: Candidates, at: int, index: Index, memory: Memory) -> str:
    """Give the evidence for a candidate."""
    best = found.best[at]
    value = dict(zip(FEATURES, found.features[at].tolist(), strict=True))
    parts = []
    if best[NUMBER] >= 0:
        others = int(evidence.homonyms[best[NUMBER]]) - 1
        shared = (
            f", which {others} other{'s' * (others > 1)} in the registry share{'s' * (others == 1)}" if others else ""
        )
        parts.append(f"the number {_quoted(strings, evidence, best[NUMBER])} is its{shared}")
    if best[EXACT] >= 0:
        parts.append(_exact(strings, evidence, int(best[EXACT]), index, value))
    elif best[PARTIAL] >= 0 and evidence.share[best[PARTIAL]] >= LEAST_SHARE:
        row = int(best[PARTIAL])
        share = round(100 * float(evidence.share[row]))
        name = index.name(int(evidence.name[row]))
        parts.append(f"{_quoted(strings, evidence, row)} holds {share} % of the weight of its name “{name}”")
    parts += _learnt(strings, evidence, best, memory)
    if best[NEAR] >= 0 and (not parts or evidence.together[best[NEAR]] >= _ALIKE):
        parts.append(_near(evidence, int(best[NEAR])))
    parts += _context(value, int(found.org[at]), index)
    return "; ".join(parts)


def _quoted(strings: Strings, evidence: Evidence, row: int) -> str:
    text = strings.texts[int(evidence.string[row])]
    return f"“{text[strings.start[evidence.first[row]] : strings.end[evidence.last[row]]]}”"


def _exact(strings: Strings, evidence: Evidence, row: int, index: Index, value: dict[str, float]) -> str:
    name = int(evidence.name[row])
    said = (
        f"{_quoted(strings, evidence, row)} is its {_KIND[NAME_KINDS[int(index.name_kind[name])]]} “{index.name(name)}”"
    )
    bearers = int(evidence.homonyms[row])
    if bearers > 1:
        said += f", which {bearers} organisations bear"
        if value["country"] > 0 and value["homonyms agreeing"] == 1:
            said += " and only this one where the string says"
    if value["corrected"] > 0:
        said += " (a misspelt word corrected)"
    return said


def _learnt(strings: Strings, evidence: Evidence, best: Any, memory: Memory) -> list[str]:
    parts = []
    if best[LEARNT] >= 0:
        row = int(best[LEARNT])
        place = int(evidence.name[row])
        count, held = int(memory.count[place]), int(memory.held[place])
        parts.append(
            f"of {held} labelled strings with {_quoted(strings, evidence, row)}, {count} were labelled with it"
        )
    elif best[PAIRED] >= 0:
        row = int(best[PAIRED])
        place = int(evidence.name[row])
        text = strings.texts[int(evidence.string[row])]
        one, other = (
            text[strings.start[w] : strings.end[w]] for w in (int(evidence.first[row]), int(evidence.last[row]))
        )
        count, held = int(memory.count[place]), int(memory.held[place])
        parts.append(f"of {held} labelled strings with “{one}” and “{other}”, {count} were labelled with it")
    return parts


def _near(evidence: Evidence, row: int) -> str:
    voters, alike = int(evidence.homonyms[row]), round(100 * float(evidence.together[row]))
    were = "one was" if voters == 1 else f"{voters} were"
    return (
        f"of the labelled strings most like this one {were} labelled with it, the nearest {alike} % alike by its words"
    )


def _context(value: dict[str, float], org: int, index: Index) -> list[str]:
    parts = []
    country = countries.names().get(countries.code(int(index.org_country[org])), "")
    if value["country"] > 0:
        parts.append(f"the string names {country}, where it is")
    elif value["country"] < 0:
        parts.append(f"it is in {country}, which the string does not name")
    if value["city"] > 0:
        parts.append("its city stands in the string")
    if value["supervisors named"] > 0:
        n = int(value["supervisors named"])
        parts.append(f"{n} of its supervising institutions' names stand in the string")
    elif value["parents named"] > 0:
        parts.append("so does an organisation that it is part of")
    if value["inside a longer name"] > 0:
        parts.append("the words are part of a longer name")
    return parts
