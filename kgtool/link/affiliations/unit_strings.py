"""Strings that name a unit without its number, made of the fields of labelled units, as authors write them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from kgtool.link.affiliations.unit_numbers import unit_numbers
from kgtool.link.affiliations.words import fold


def unit_strings(row: Mapping[str, str], rng: random.Random) -> list[tuple[str, bool]]:
    """Give strings that name the unit of a row (``libelle``, ``sigle``, ``commune``, ``code_postal``, ``tutelles``,
    ``label_numero``),
    and some that name its institutions and place only; each with whether it names the unit.
    """
    name, acronym = without_numbers(row["libelle"]), without_numbers(row["sigle"] or "")
    city = row["commune"].split(" CEDEX")[0].title()
    place = rng.choice([city, f"{row['code_postal']} {city}", f"F-{row['code_postal']} {row['commune']}"])
    bodies = list(dict.fromkeys(body.strip() for body in row["tutelles"].split(";") if body.strip()))
    short = [_shortened(body) for body in bodies]
    rng.shuffle(short)
    some = short[: rng.randint(1, max(1, len(short)))]
    cased = rng.choice([name, name, _sentence(name), fold(name), name.title()])
    number = rng.choice((row["label_numero"] or "").split(";")).strip()
    strings = [
        (", ".join([cased, *bodies, city]), True),
        (", ".join([cased, place, "France"]), True),
        (", ".join([*some, cased, place, "France"]), True),
        (cased, True),
        (", ".join(["Department of Biology", *some, cased, place]), True),
        (", ".join([_slipped(cased, rng), *some, place]), True),
        (", ".join([*some, place, "France"]), False),
    ]
    if acronym:
        strings += [
            (", ".join([acronym, *bodies, city]), True),
            (", ".join([*some, acronym, place, "France"]), True),
            (", ".join([f"{cased} ({acronym})", *some, place]), True),
            (f"{acronym} - {cased}, {city}", True),
            (f"{acronym}, {city}", True),
        ]
    if number:
        strings.append((", ".join([rng.choice([number, number.replace(" ", "")]), *some, place, "France"]), True))
    return strings


def without_numbers(text: str) -> str:
    """Give a name without the unit numbers in it.

    >>> without_numbers("UMR 9189 - CRISTAL - Centre de Recherche")
    'CRISTAL - Centre de Recherche'
    """
    for unit in reversed(unit_numbers(text)):
        text = text[: unit.start] + text[unit.end :]
    return text.replace("()", "").strip(" -–:,;")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


def _shortened(body: str) -> str:
    known = {
        "centre national de la recherche scientifique": "CNRS",
        "institut national de la sante et de la recherche medicale": "Inserm",
    }
    return known.get(fold(body), body.replace("Université", "Univ.") if len(body) % 2 else body)


def _slipped(text: str, rng: random.Random) -> str:
    words: Sequence[str] = text.split()
    if len(words) > 3 and rng.random() < 0.5:
        gone = rng.randrange(1, len(words))
        return " ".join(word for at, word in enumerate(words) if at != gone)
    at = rng.randrange(len(text)) if text else 0
    return text[:at] + text[at + 1 :]
