"""What else a string says that bears on a candidate: places, what its parts are about, relatives and supervisors."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from kgtool.link.affiliations import countries
from kgtool.link.affiliations.index import Index, expanded, found_in
from kgtool.link.affiliations.retrieval import Evidence
from kgtool.link.affiliations.strings import Mentions, Strings, Windows
from kgtool.link.affiliations.words import number_of

Array = np.ndarray[Any, Any]

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
#: Words that tell what a segment or a name is about; the groups are columns.
KINDS: Final = {
    "university": ("university", "politechnic"),
    "hospital": ("hospital", "clinic", "medicine", "infirmary", "chu", "health"),
    "institute": ("institute", "center", "laboratory", "observatory", "academy", "umr"),
    "part": ("department", "faculty", "school", "college", "division", "section", "unit", "group", "program", "chair"),
    "company": ("limited", "incorporated", "company", "corporation", "gmbh", "llc", "plc", "sa"),
}


def segment_ids(strings: Strings) -> Array:
    """Give, by word, one number to the words of one segment."""
    found: Array = (strings.owner.astype(np.int64) << 20) | strings.segment
    return found


def _held(strings: Strings, seen: Windows, longest: int) -> Array:
    short = (seen.last - seen.first) < longest
    return np.unique(seen.bag[short] ^ ((strings.owner[seen.first[short]].astype(np.uint64) + np.uint64(1)) * _MIX))


def _stands_in(held: Array, string: Array, bag: Array) -> Array:
    there = found_in(held, bag ^ ((string.astype(np.uint64) + np.uint64(1)) * _MIX)) >= 0
    return np.where(bag == 0, -1, there).astype(float)


def places(
    strings: Strings, seen: Windows, told: Mentions, string: Array, org: Array, index: Index
) -> tuple[dict[str, Array], Array, Array]:
    """Give the columns of places; by candidate, whether its city stands there; by string, whether it names France."""
    country = index.org_country[org].astype(np.int64)
    key = (string << 16) | country

    def agreement(mentioned: Array) -> Array:
        some = np.zeros(len(strings), dtype=bool)
        some[mentioned >> 16] = True
        here = found_in(mentioned, key) >= 0
        return np.where((country == 0) | ~some[string], 0.0, np.where(here, 1.0, -1.0))

    held = _held(strings, seen, 4)
    city = _stands_in(held, string, index.org_city[org])
    region = _stands_in(held, string, index.org_region[org])
    france = np.zeros(len(strings))
    both = np.concatenate([told.countries, told.by_city])
    france[both[(both & 0xFFFF) == countries.number("FR")] >> 16] = 1.0
    table = {
        "country": agreement(told.countries),
        "country of a city": agreement(told.by_city),
        "city": city,
        "region": region,
        "country known": (country > 0).astype(float),
        "french": (country == countries.number("FR")).astype(float),
    }
    return table, city, france


def kinds(
    strings: Strings, first: Array, string: Array, evidence: Evidence, x: Array, p: Array, index: Index
) -> dict[str, Array]:
    """Give the columns that tell whether segment, name and string speak of a university, a hospital and the like."""
    segments, inverse = np.unique(segment_ids(strings), return_inverse=True)
    row = np.where(x >= 0, x, p)
    name = np.where(row >= 0, evidence.name[row], 0)
    place, owner = expanded(index.name_words_start[name], index.name_words_start[name + 1])
    in_name = index.word_hash[index.name_words[place]]
    table = {}
    for kind, listed in KINDS.items():
        numbers = np.array(sorted(number_of(w) for w in listed), dtype=np.uint64)
        hit = found_in(numbers, strings.number) >= 0
        table[f"segment {kind}"] = (np.bincount(inverse, hit, len(segments))[inverse[first]] > 0).astype(float)
        there = np.bincount(owner, found_in(numbers, in_name) >= 0, len(name)) > 0
        table[f"name {kind}"] = np.where(row >= 0, there, -1.0)
        table[f"string {kind}"] = (np.bincount(strings.owner, hit, len(strings))[string] > 0).astype(float)
    return table


def family(
    strings: Strings, seen: Windows, string: Array, org: Array, key: Array, has_x: Array, index: Index
) -> dict[str, Array]:
    """Give the columns of relatives: parents, children and supervising institutions that the string names too."""
    place, which = expanded(index.org_parents_start[org], index.org_parents_start[org + 1])
    at = found_in(key, (string[which] << 32) | index.org_parents[place])
    good = (at >= 0) & has_x[np.maximum(at, 0)]
    parents, children = np.zeros(len(key)), np.zeros(len(key))
    np.add.at(parents, which[good], 1.0)
    own = good & has_x[which]
    np.add.at(children, at[own], 1.0)
    place, which = expanded(index.org_supervisors_start[org], index.org_supervisors_start[org + 1])
    held = _held(strings, seen, 9)
    named = _stands_in(held, string[which], index.org_supervisors[place]) > 0
    return {
        "parents named": parents, "children named": children,
        "supervisors named": np.bincount(which, named, len(key)).astype(float),
        "has parents": (index.org_parents_start[org + 1] > index.org_parents_start[org]).astype(float),
    }  # fmt: skip
