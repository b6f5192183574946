"""Making the index: organisations and their names as sorted arrays in a folder, each opened without being read.

Names are looked up by the hash of their bag of words, so a string's windows are found by binary search; names of which
a string holds only some words are found through their rarest words ("prefix filtering": whoever shares less than
:data:`LEAST_SHARE` of a name's weight with a string may lack all of these, and only they may be left out).
Binary search in memory-mapped arrays was chosen over tantivy, SQLite's FTS5 and rapidfuzz because a
string needs a hundred exact look-ups and no ranking; the others were not timed beside it.
"""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from kgtool.link.affiliations import countries
from kgtool.link.affiliations.abbreviations import shortened
from kgtool.link.affiliations.registries import NAME_KINDS, STATUSES, TYPES, Name, Organisation
from kgtool.link.affiliations.unit_numbers import unit_numbers
from kgtool.link.affiliations.words import bag, bag_of, fold, is_generic, number_of, standing_for, words

#: Changes with the meaning of the arrays or of words.
VERSION: Final = 2
#: Names that share less of their weight with a string are no candidates.
LEAST_SHARE: Final = 0.6
_PARENTHESIS: Final = re.compile(r"\s*\(([^()]*)\)\s*")
_INSTITUTIONS: Final = frozenset({"education", "healthcare", "government"})
#: Names in the registries that weights and the model were made with.
_MANY: Final = 275_000


def build_index(organisations: Sequence[Organisation], folder: Path) -> dict[str, int]:
    """Write the index of organisations to a folder, in the place of the one there; give its counts.

    The old index stays until the new one is whole.
    """
    arrays = {**_names(organisations), **_places(organisations), **_relations(organisations)}
    counts = {
        "organisations": len(organisations),
        "units": sum(o.source == "rnsr" for o in organisations),
        "names": len(arrays["name_bag"]),
        "words": len(arrays["word_hash"]),
    }
    aside = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}")
    aside.mkdir(parents=True)
    try:
        for name, values in arrays.items():
            np.save(aside / f"{name}.npy", values)
        (aside / "meta.json").write_text(json.dumps({"version": VERSION, **counts}) + "\n", encoding="utf-8")
        if folder.exists():
            old = folder.with_name(f"{folder.name}.old.{uuid.uuid4().hex[:8]}")
            folder.rename(old)
            aside.rename(folder)
            shutil.rmtree(old)
        else:
            aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return counts


def variants(organisation: Organisation) -> list[Name]:
    """Give an organisation's names with what their parentheses, unit numbers and dashes say taken apart.

    >>> unit = Organisation("x", "rnsr", (Name("UMR 9189 - CRISTAL - Centre de Recherche (Lille)"),))
    >>> [n.value for n in variants(unit)][1:]
    ['CRISTAL', 'Centre de Recherche (Lille)', 'Centre de Recherche']
    """
    found = {name.value: name for name in organisation.names}
    for name in organisation.names:
        pieces = [name.value]
        if organisation.source == "rnsr":
            numbers = unit_numbers(name.value)
            bare = name.value
            for unit in reversed(numbers):
                bare = bare[: unit.start] + " - " + bare[unit.end :]
            if numbers or " - " in bare:
                parts = (_balanced(p.strip(" -:,")) for p in re.split(r"\s[-–:]\s|[()]\s*-|-\s*[()]", bare))
                pieces = [p for p in parts if _tells(p, organisation)] or [name.value]
        for piece in pieces:
            kind = name.kind if len(pieces) == 1 or len(piece) > 15 else "acronym"
            found.setdefault(piece, Name(piece, kind, name.language))
            for short in shortened(piece):
                found.setdefault(short, Name(short, "alias", name.language))
            bare = _PARENTHESIS.sub(" ", piece).strip()
            if bare and bare != piece and len(bare) > 2:
                found.setdefault(bare, Name(bare, "alias", name.language))
                if organisation.source == "rnsr":
                    for inner in _PARENTHESIS.findall(piece):
                        if _tells(inner, organisation):
                            found.setdefault(inner, Name(inner, "acronym", name.language))
    return list(found.values())


def _tells(piece: str, organisation: Organisation) -> bool:
    """Tell whether a part of a unit's name may stand for it: one word only as an acronym, never a place or a body."""
    parts = piece.split()
    if len(parts) > 1:
        return sum(bool(w.number) for w in words(piece)) > 1
    others = {
        fold(t)
        for t in (*organisation.supervisors, *organisation.city.split(), "umr", "france", "paris", "cnrs", "inserm")
    }
    label = organisation.names[0].value
    acronym = sum(c.isupper() for c in piece) > 1 and not label.isupper()
    return len(piece) > 2 and acronym and fold(piece) not in others


def _balanced(text: str) -> str:
    return text if text.count("(") == text.count(")") else text.strip("() ")


def _csr(lists: Sequence[Sequence[int]], dtype: Any = np.int32) -> tuple[np.ndarray, np.ndarray]:
    starts = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum([len(one) for one in lists], out=starts[1:])
    return starts, np.fromiter((v for one in lists for v in one), dtype=dtype, count=int(starts[-1]))


def _blob(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    encoded = [text.encode("utf-8", "replace") for text in texts]
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(one) for one in encoded], out=starts[1:])
    return starts, np.frombuffer(b"".join(encoded) or b" ", dtype=np.uint8)


def _names(organisations: Sequence[Organisation]) -> dict[str, np.ndarray]:
    vocabulary: dict[int, str] = {}
    frequency: Counter[int] = Counter()
    rows: list[tuple[int, int, int, list[int]]] = []  # bag, organisation, kind, words
    texts: list[str] = []
    institutions = frozenset(
        bag_of(name.value)
        for o in organisations
        if o.source == "ror" and _INSTITUTIONS & set(o.types)
        for name in variants(o)
        if name.kind != "acronym" and " " in name.value
    )
    for place, organisation in enumerate(organisations):
        # RNSR has entries for whole hospitals: a unit's name is not that of an institution
        seen: set[int] = set()
        barred = institutions if organisation.source == "rnsr" else frozenset()
        for name in variants(organisation):
            numbers = []
            for word in words(name.value):
                if word.number:
                    numbers.append(word.number)
                    if word.number not in vocabulary:
                        vocabulary[word.number] = standing_for(word.text)
            key = bag(numbers)
            if not key or key in seen or key in barred or len(numbers) > 40:
                continue
            seen.add(key)
            frequency.update(set(numbers))
            single = len(numbers) == 1 and name.value.isupper() and len(name.value) <= 8
            rows.append((key, place, 3 if single else NAME_KINDS.index(name.kind), numbers))
            texts.append(name.value)
    hashes = np.array(sorted(vocabulary), dtype=np.uint64)
    place_of = {int(h): i for i, h in enumerate(hashes)}
    counts = np.array([frequency[int(h)] for h in hashes], dtype=np.float64)
    weight = _weights(counts, [vocabulary[int(h)] for h in hashes], len(rows))
    in_words = [[place_of[n] for n in row[3]] for row in rows]
    prefixes: list[list[int]] = [[] for _ in range(len(hashes))]
    totals = np.zeros(len(rows), dtype=np.float32)
    for at, places in enumerate(in_words):
        once = sorted(set(places), key=lambda p: -weight[p])
        total = float(sum(weight[p] for p in once))
        totals[at] = total
        left = total
        if len(once) == 1:
            continue  # the exact look-up finds it
        for place in once:
            if left < LEAST_SHARE * total:
                break
            prefixes[place].append(at)
            left -= float(weight[place])
    word_start, word_list = _csr([sorted(set(places)) for places in in_words])
    post_start, post_list = _csr(prefixes)
    bags = np.array([row[0] for row in rows], dtype=np.uint64)
    order = np.argsort(bags, kind="stable").astype(np.int32)
    unique, first = np.unique(bags[order], return_index=True)
    text_start, text = _blob(texts)
    spelled = [vocabulary[int(h)] for h in hashes]
    spelled_start, spelled_text = _blob(spelled)
    deleted = _deletions(spelled, counts)
    return {
        "name_bag": bags, "name_org": np.array([r[1] for r in rows], dtype=np.int32),
        "name_kind": np.array([r[2] for r in rows], dtype=np.uint8),
        "name_length": np.array([min(len(r[3]), 255) for r in rows], dtype=np.uint8),
        "name_weight": totals, "name_words_start": word_start, "name_words": word_list,
        "bag_unique": unique, "bag_first": np.append(first, len(order)).astype(np.int32), "bag_order": order,
        "word_hash": hashes, "word_weight": weight, "word_count": counts.astype(np.int32),
        "word_posts_start": post_start, "word_posts": post_list,
        "word_text_start": spelled_start, "word_text": spelled_text,
        "name_text_start": text_start, "name_text": text, **deleted,
    }  # fmt: skip


def _weights(counts: np.ndarray, spelled: Sequence[str], names: int) -> np.ndarray:
    """Weigh words by their rarity among names; what a small registry cannot tell is taken from a large one's size.

    There every word is rare. Words that many names share anywhere (those of the table of words) count as such.
    """
    if names < _MANY:
        generic = np.array([is_generic(word) for word in spelled], dtype=bool)
        counts = np.where(generic, np.maximum(counts, _MANY / 150), counts)
    return np.log((max(names, _MANY) + 1) / (counts + 0.5)).astype(np.float32)


def _deletions(spelled: Sequence[str], counts: np.ndarray) -> dict[str, np.ndarray]:
    """Hash every word with one letter left out, so that a misspelt word finds its neighbours (SymSpell's idea)."""
    hashes: list[int] = []
    owners: list[int] = []
    for place, word in enumerate(spelled):
        if 6 <= len(word) <= 20 and word.isalpha() and word.isascii():
            for shorter in {word[:i] + word[i + 1 :] for i in range(1, len(word))} | {word}:
                hashes.append(number_of.__wrapped__(shorter))
                owners.append(place)
    keys = np.array(hashes, dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    return {"deleted_hash": keys[order], "deleted_word": np.array(owners, dtype=np.int32)[order]}


def _places(organisations: Sequence[Organisation]) -> dict[str, np.ndarray]:
    city = np.array([bag_of(_commune(o.city)) for o in organisations], dtype=np.uint64)
    country = np.array([countries.number(o.country) for o in organisations], dtype=np.uint16)
    pairs = Counter(zip(city.tolist(), country.tolist(), strict=True))
    best: dict[int, tuple[int, int]] = {}
    total: Counter[int] = Counter()
    for (bag_, number), n in pairs.items():
        if bag_ and number:
            total[bag_] += n
            best[bag_] = max(best.get(bag_, (0, 0)), (n, number))
    cities = sorted(b for b, (n, _) in best.items() if n >= 0.8 * total[b])
    return {
        "org_city": city,
        "org_country": country,
        "org_region": np.array([bag_of(o.region) for o in organisations], dtype=np.uint64),
        "org_postcode": np.array(
            [int(o.postcode) if o.postcode.isdigit() else 0 for o in organisations], dtype=np.int32
        ),
        "city_bag": np.array(cities, dtype=np.uint64),
        "city_country": np.array([best[b][1] for b in cities], dtype=np.uint16),
        "city_count": np.array([total[b] for b in cities], dtype=np.int32),
    }


def _commune(city: str) -> str:
    return re.sub(r"(?i)\s+cedex.*|\s+\d+$", "", city)


def _relations(organisations: Sequence[Organisation]) -> dict[str, np.ndarray]:
    place_of = {o.key: i for i, o in enumerate(organisations)}
    named = {bag_of(n.value): i for i, o in reversed(list(enumerate(organisations)))
             if o.country == "FR" and o.source == "ror" for n in o.names if o.types != ("facility",)}  # fmt: skip
    parents: list[list[int]] = []
    supervisors: list[list[int]] = []
    numbers: set[tuple[int, int]] = set()
    for place, o in enumerate(organisations):
        bags = {bag_of(s) for s in o.supervisors} - {0}
        known = [place_of[p] for p in o.parents if p in place_of]
        parents.append(sorted({*known, *(named[b] for b in bags if b in named)}))
        supervisors.append(sorted(bags))
        texts = o.numbers if o.source == "rnsr" else tuple(n.value for n in o.names if o.country == "FR")
        for label in texts:
            for unit in unit_numbers(label):
                numbers.add((number_of(unit.key), place))
    keyed = sorted(numbers)
    parent_start, parent_list = _csr(parents)
    supervisor_start, supervisor_list = _csr(supervisors, np.uint64)
    text_start, text = _blob([o.display for o in organisations])
    return {
        "org_key": np.array([o.key.encode() for o in organisations], dtype="S10"),
        "org_unit": np.array([o.source == "rnsr" for o in organisations], dtype=bool),
        "org_detailed": np.array([o.detailed for o in organisations], dtype=bool),
        "org_status": np.array(
            [STATUSES.index(o.status) if o.status in STATUSES else 0 for o in organisations], dtype=np.uint8
        ),
        "org_types": np.array(
            [sum(1 << TYPES.index(t) for t in set(o.types) if t in TYPES) for o in organisations], dtype=np.uint16
        ),
        "org_parents_start": parent_start,
        "org_parents": parent_list,
        "org_supervisors_start": supervisor_start,
        "org_supervisors": supervisor_list,
        "org_text_start": text_start,
        "org_text": text,
        "number_hash": np.array([k for k, _ in keyed], dtype=np.uint64),
        "number_org": np.array([p for _, p in keyed], dtype=np.int32),
    }
