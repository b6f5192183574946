"""What is measured of each candidate: how its name stands in the string, what else the string says, what labels taught.

One row a candidate, which is one organisation for one string; all strings of a batch at once. :data:`FEATURES` names
the columns; -1 stands for evidence that a candidate does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kgtool.link.affiliations.index import Index, expanded, found_in
from kgtool.link.affiliations.memory import Memory, keys_of
from kgtool.link.affiliations.retrieval import EXACT, LEARNT, PAIRED, PARTIAL, Evidence
from kgtool.link.affiliations.retrieval import KINDS as EVIDENCE
from kgtool.link.affiliations.similarity import similarities
from kgtool.link.affiliations.strings import Mentions, Strings, Windows
from kgtool.link.affiliations.surroundings import KINDS, family, kinds, places, segment_ids

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Candidates:
    """Candidates with their features, in the order of strings.

    :param best: by candidate, its best row of each kind of evidence (columns EXACT, PARTIAL, LEARNT, NUMBER, PAIRED,
    NEAR), or -1.
    """

    string: Array
    org: Array
    best: Array
    first: Array
    last: Array
    features: Array
    named_country: Array
    begin: Array


def measure(
    strings: Strings, seen: Windows, told: Mentions, evidence: Evidence, index: Index, memory: Memory
) -> Candidates:
    """Put evidence together by candidate, and measure each."""
    key, group = np.unique((evidence.string.astype(np.int64) << 32) | evidence.org, return_inverse=True)
    string, org = key >> 32, key & 0xFFFFFFFF
    n = len(key)
    weight = np.where(
        evidence.kind > PARTIAL, 0, index.name_weight[np.where(evidence.kind <= PARTIAL, evidence.name, 0)]
    )
    merit = np.where(evidence.kind > PARTIAL, evidence.share, weight * evidence.share - 2.0 * evidence.breaks)
    best = np.full((n, EVIDENCE), -1, dtype=np.int64)
    for kind in range(EVIDENCE):
        rows = np.flatnonzero(evidence.kind == kind)
        order = rows[np.lexsort((merit[rows], group[rows]))]
        best[group[order], kind] = order  # the last one of a group stays
    table: dict[str, Array] = {}
    x, p, m, u, t, near = (best[:, k] for k in range(EVIDENCE))
    has_x, has_p, has_m, has_u = x >= 0, p >= 0, m >= 0, u >= 0
    total = np.concatenate([[0.0], np.cumsum(strings.weight, dtype=np.float64)])
    segment_weight = _segment_weights(strings)

    def of(rows: Array, values: Array, missing: float = -1.0) -> Array:
        return np.where(rows >= 0, values[rows], missing)

    table["exact weight"] = of(x, weight)
    table["exact length"] = of(x, index.name_length[np.where(evidence.kind <= PARTIAL, evidence.name, 0)])
    table["exact kind"] = of(x, index.name_kind[np.where(evidence.kind <= PARTIAL, evidence.name, 0)])
    table["exact breaks"] = of(x, evidence.breaks)
    table["homonyms"] = np.log1p(of(x, evidence.homonyms, 0.0))
    lead = np.where(has_x, x, np.where(has_p, p, np.where(has_u, u, np.where(has_m, m, np.where(t >= 0, t, near)))))
    first, last = evidence.first[lead], evidence.last[lead]
    span_weight = total[last + 1] - total[first]
    table["share of segment"] = span_weight / np.maximum(segment_weight[first], 1e-6)
    string_weight = total[strings.first[1:]] - total[strings.first[:-1]]
    table["share of string"] = span_weight / np.maximum(string_weight[string], 1e-6)
    table["upper"] = (strings.upper[first] & (first == last)).astype(float)
    fixed = np.concatenate([[0], np.cumsum(strings.corrected)])
    table["corrected"] = (fixed[last + 1] - fixed[first]).astype(float)
    where = strings.segment[first]
    last_segment = strings.segment[np.maximum(strings.first[string + 1] - 1, 0)]
    table["segment"] = where.astype(float)
    table["segments after"] = (last_segment - where).astype(float)
    table["words"] = (strings.first[string + 1] - strings.first[string]).astype(float)
    table["words before in segment"] = (first - _segment_starts(strings)[first]).astype(float)
    table["partial share"] = of(p, evidence.share)
    table["partial together"] = of(p, evidence.together)
    table["partial missing"] = of(p, weight * (1 - evidence.share))
    table["partial weight"] = of(p, weight * evidence.share)
    table["partial breaks"] = of(p, evidence.breaks)
    table["partial kind"] = of(p, index.name_kind[np.where(evidence.kind <= PARTIAL, evidence.name, 0)])
    table["partial spread"] = np.where(
        has_p,
        (evidence.last[p] - evidence.first[p] + 1)
        / np.maximum(index.name_length[np.where(has_p, evidence.name[p], 0)], 1),
        -1,
    )
    table["learnt share"] = of(m, evidence.share)
    held, count = _learnt(evidence, m, memory)
    table["learnt held"], table["learnt count"] = held, count
    table["learnt length"] = np.where(has_m, evidence.last[m] - evidence.first[m] + 1, -1)
    table.update(_phrases(evidence, group, n))
    table["pair share"] = of(t, evidence.share)
    table["pair held"], table["pair count"] = _learnt(evidence, t, memory)
    table.update(_pairs(evidence, group, string, n, len(strings)))
    table["near share"], table["near most"] = of(near, evidence.share), of(near, evidence.together)
    table["near rank"], table["near voters"] = of(near, evidence.breaks), of(near, evidence.homonyms)
    nearest = np.zeros(len(strings))
    np.maximum.at(nearest, string, table["near most"])
    table["nearest"] = nearest[string]
    table.update(_own_phrase(evidence, x, has_x, org, index, memory))
    table["labels"] = np.log1p(memory.labels[org])
    table["number"] = (u >= 0).astype(float)
    table["number homonyms"] = of(u, evidence.homonyms, 0.0)
    agreement, city, named = places(strings, seen, told, string, org, index)
    table.update(agreement)
    table.update(_rivals(evidence, weight, x, p, group, string, org, city, table["country"], memory))
    for bit in range(7):
        table[f"type {bit}"] = ((index.org_types[org] >> bit) & 1).astype(float)
    table["detailed"] = index.org_detailed[org].astype(float)
    table["status"] = index.org_status[org].astype(float)
    table.update(kinds(strings, first, string, evidence, x, p, index))
    table.update(family(strings, seen, string, org, key, has_x, index))
    table["similar exact"] = similarities(strings, evidence, x, index)
    table["similar partial"] = similarities(strings, evidence, p, index)
    table["candidates"] = np.bincount(string, minlength=len(strings))[string].astype(float)
    table["france"] = named[string]
    return Candidates(
        string,
        org,
        best,
        first,
        last,
        np.column_stack([table[f] for f in FEATURES]).astype(np.float32),
        named,
        strings.first,
    )


def _segment_weights(strings: Strings) -> Array:
    _, inverse = np.unique(segment_ids(strings), return_inverse=True)
    return np.bincount(inverse, strings.weight)[inverse] if len(inverse) else np.zeros(0)


def _segment_starts(strings: Strings) -> Array:
    _, first, inverse = np.unique(segment_ids(strings), return_index=True, return_inverse=True)
    return first[inverse]


def _learnt(evidence: Evidence, m: Array, memory: Memory) -> tuple[Array, Array]:
    if not len(memory.held):
        return np.full(len(m), -1.0), np.full(len(m), -1.0)
    place = np.where(m >= 0, evidence.name[m], 0)
    return np.where(m >= 0, np.log1p(memory.held[place]), -1), np.where(m >= 0, np.log1p(memory.count[place]), -1)


def _phrases(evidence: Evidence, group: Array, n: int) -> dict[str, Array]:
    """Of all phrases that speak for a candidate: their number, and the share of the longest."""
    rows = np.flatnonzero(evidence.kind == LEARNT)
    number = np.bincount(group[rows], minlength=n)
    longest = np.full(n, -1.0)
    length = evidence.last[rows] - evidence.first[rows]
    order = rows[np.lexsort((evidence.share[rows], length, group[rows]))]
    longest[group[order]] = evidence.share[order]
    widest = np.full(n, 0.0)
    np.maximum.at(widest, group[rows], length + 1.0)
    return {"phrases": np.log1p(number), "longest phrase share": longest, "longest phrase": widest}


def _pairs(evidence: Evidence, group: Array, string: Array, n: int, strings: int) -> dict[str, Array]:
    """Of all pairs of words that speak for candidates: how many for this one, their sum, its part of all in the
    string.
    """
    rows = np.flatnonzero(evidence.kind == PAIRED)
    number = np.bincount(group[rows], minlength=n)
    total = np.bincount(group[rows], evidence.share[rows], n)
    every = np.bincount(string, total, strings)
    most = np.zeros(strings)
    np.maximum.at(most, string, total)
    return {
        "pairs": np.log1p(number),
        "pair mean": total / np.maximum(number, 1),
        "part of pairs": total / np.maximum(every[string], 1e-6),
        "best pairs": np.log1p(most[string]),
    }


def _own_phrase(
    evidence: Evidence, x: Array, has_x: Array, org: Array, index: Index, memory: Memory
) -> dict[str, Array]:
    """How often strings with this very name were labelled with this organisation, and how often they were seen."""
    at = np.full(len(x), -1)
    at[has_x] = found_in(memory.phrase, keys_of(index.name_bag[evidence.name[x[has_x]]]))
    held, share = np.full(len(x), -1.0), np.full(len(x), -1.0)
    known = np.flatnonzero(at >= 0)
    held[known] = np.log1p(memory.phrase_held[at[known]])
    share[known] = 0.0
    place, which = expanded(memory.first[at[known]], memory.first[at[known] + 1])
    same = memory.org[place] == org[known[which]]
    share[known[which[same]]] = memory.share[place[same]]
    return {"name seen": held, "name labelled": share}


def _rivals(
    evidence: Evidence,
    weight: Array,
    x: Array,
    p: Array,
    group: Array,
    string: Array,
    org: Array,
    city: Array,
    country: Array,
    memory: Memory,
) -> dict[str, Array]:
    """Who else bears the name at this place, and which longer names contain it."""
    rows = np.flatnonzero(evidence.kind == EXACT)
    span = (
        (evidence.string[rows].astype(np.int64) << 40)
        | (evidence.first[rows].astype(np.int64) << 8)
        | (evidence.last[rows] - evidence.first[rows])
    )
    unique, which = np.unique(span, return_inverse=True)
    agree = ((country[group[rows]] > 0) | (city[group[rows]] > 0)).astype(float)
    agreeing = np.bincount(which, agree, len(unique))
    cities = np.bincount(which, (city[group[rows]] > 0).astype(float), len(unique))
    labels = memory.labels[org[group[rows]]].astype(float)
    labelled = np.bincount(which, labels, len(unique))
    of_row = np.full(len(evidence), -1, dtype=np.int64)
    of_row[rows] = which
    at = np.where(x >= 0, of_row[np.maximum(x, 0)], -1)
    # spans inside longer ones
    spans = np.zeros(len(unique))
    np.maximum.at(spans, which, weight[rows])
    s_string, s_first = unique >> 40, (unique >> 8) & 0xFFFFFFFF
    s_last = s_first + (unique & 0xFF)
    low, high = np.searchsorted(s_string, s_string), np.searchsorted(s_string, s_string, side="right")
    other, mine = expanded(low, high)
    contains = (s_first[other] <= s_first[mine]) & (s_last[other] >= s_last[mine]) & (other != mine)
    larger = np.zeros(len(unique))
    np.maximum.at(larger, mine[contains], spans[other[contains]])
    overlaps = (s_first[other] <= s_last[mine]) & (s_last[other] >= s_first[mine]) & (other != mine)
    across = np.zeros(len(unique))
    np.maximum.at(across, mine[overlaps], spans[other[overlaps]])
    heaviest = np.zeros(int(string.max()) + 1 if len(string) else 0)
    np.maximum.at(heaviest, s_string, spans)

    def of(values: Array) -> Array:
        return np.where(at >= 0, values[at] if len(values) else 0.0, -1.0)

    own = np.log1p(memory.labels[org])
    return {
        "homonyms agreeing": of(agreeing), "homonyms in city": of(cities),
        "share of labels": np.where(at >= 0, memory.labels[org] / np.maximum(of(labelled), 1), own * 0 - 1),
        "inside a longer name": of(larger), "across another name": of(across),
        "heaviest name": heaviest[string] if len(string) else heaviest,
    }  # fmt: skip


FEATURES: Final = (
    "exact weight", "exact length", "exact kind", "exact breaks", "homonyms", "share of segment", "share of string",
    "upper", "corrected", "segment", "segments after", "words", "words before in segment", "partial share",
    "partial together", "partial missing", "partial weight", "partial breaks", "partial kind", "partial spread",
    "learnt share", "learnt held", "learnt count", "learnt length", "phrases", "pair share", "pair held",
    "pair count", "near share", "near most", "near rank", "near voters", "nearest",
    "pairs", "pair mean", "part of pairs", "best pairs", "longest phrase share", "longest phrase",
    "name seen", "name labelled", "labels", "number", "number homonyms", "country", "country of a city", "city",
    "region", "country known", "french", "homonyms agreeing", "homonyms in city", "share of labels",
    "inside a longer name", "across another name", "heaviest name", "type 0", "type 1", "type 2", "type 3",
    "type 4", "type 5", "type 6", "detailed", "status",
    *(f"{at} {kind}" for kind in KINDS for at in ("segment", "name", "string")),
    "parents named", "children named", "supervisors named", "has parents", "similar exact", "similar partial",
    "candidates", "france",
)  # fmt: skip


#: The share of a string's weight from which on a name is most of it, and from which on it is nearly all.
_MOST: Final = 0.38
_ALL: Final = 0.8
#: Of namesakes' labels, the share from which on one of them is meant.
_MEANT: Final = 0.8


def stands_alone(features: Array) -> Array:
    """Tell which candidates have their whole name in the string, as most of it, and no rival that it may mean instead.

    Either the string names the candidate's country too, or it says hardly anything else.
    """
    whole, country, homonyms, agreeing, share, labels = (
        features[:, FEATURES.index(name)]
        for name in ("exact weight", "country", "homonyms", "homonyms agreeing", "share of string", "share of labels")
    )
    one = (homonyms < np.log1p(1.5)) | (agreeing == 1) | (labels > _MEANT)
    found: Array = (whole > 0) & one & (country >= 0) & (share >= _MOST) & ((country > 0) | (share > _ALL))
    return found
