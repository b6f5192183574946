"""From affiliation strings to organisations: the object that commands and other rooms use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from kgtool.link.affiliations import deciding, retrieval
from kgtool.link.affiliations.features import measure, stands_alone
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.reasons import reason, span_of
from kgtool.link.affiliations.scoring import MODEL, Model, load_model
from kgtool.link.affiliations.strings import LONGEST, mentions, read_strings, windows

#: IRIs of the registries, which end in the identifier.
ROR: Final = "https://ror.org/"
RNSR: Final = "https://scanr.enseignementsup-recherche.gouv.fr/entite/"
#: Strings that are matched together: arrays pay from a hundred on.
BATCH: Final = 256
#: Candidates that are told beside the chosen ones, and from which probability on.
_CANDIDATES: Final = 5
_LEAST: Final = 0.05
#: An organisation whose whole name stands in the string is told from this probability on.
_LEAST_NAMED: Final = 0.005


@dataclass(frozen=True, slots=True)
class Match:
    """An organisation or unit that a string may name.

    :param id: the registry's IRI; it ends in the ROR identifier or the RNSR number.
    :param score: calibrated probability, 0 to 1.
    :param decision: ``chosen`` or ``candidate``.
    :param span: offsets of the words that speak for it; ``text`` are these words.
    :param why: the evidence.
    """

    id: str
    name: str
    score: float
    decision: str
    span: tuple[int, int]
    text: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """Give the match as the command writes it."""
        return {
            "id": self.id, "name": self.name, "score": self.score, "decision": self.decision, "span": list(self.span),
            "text": self.text, "why": self.why,
        }  # fmt: skip


class Matcher:
    """Matches affiliation strings; made by :meth:`open`, used by one thread."""

    def __init__(self, index: Index, model: Model) -> None:
        self._index, self._model = index, model
        self._memory = model.memory(index)

    @classmethod
    def open(cls, index: Path, model: Path = MODEL) -> Matcher:
        """Open the index of a folder and the model.

        :raises MissingError: if one is not there.
        :raises InputError: if one is damaged or of another version.
        """
        return cls(Index(index), load_model(model))

    def match(self, text: str) -> tuple[Match, ...]:
        """Give what one string names, the chosen ones first, each group by score; a long string's first 4,000
        characters count.
        """
        return self.match_batch([text])[0]

    def match_all(self, texts: Iterable[str]) -> Iterator[tuple[Match, ...]]:
        """Match strings as they come, in their order, some hundreds at a time."""
        stream = iter(texts)
        while batch := list(islice(stream, BATCH)):
            yield from self.match_batch(batch)

    def match_batch(self, texts: Sequence[str]) -> list[tuple[Match, ...]]:
        """Match some strings at once."""
        index, memory = self._index, self._memory
        strings = read_strings(texts, index)
        if not len(strings.number):
            return [()] * len(texts)
        seen = windows(strings)
        evidence = retrieval.retrieve(strings, seen, index, memory)
        if not len(evidence):
            return [()] * len(texts)
        found = measure(strings, seen, mentions(strings, seen, index), evidence, index, memory)
        unit = index.org_unit[found.org]
        score = self._model.probabilities(found.features, unit)
        chosen = deciding.chosen(
            found.string,
            score,
            found.first,
            found.last,
            unit,
            found.named_country > 0,
            self._model.thresholds,
            stands_alone(found.features),
        )
        limit = np.where((found.best[:, retrieval.EXACT] >= 0) & ~unit, _LEAST_NAMED, _LEAST)
        told: list[list[Match]] = [[] for _ in texts]
        for candidates in deciding.strings_in_order(found.string, score):
            kept = [at for at in candidates if chosen[at]]
            others = [at for at in candidates if not chosen[at] and score[at] >= limit[at]]
            kept += others[: max(0, _CANDIDATES - len(kept))]
            for at in kept:
                org = int(found.org[at])
                start, end = span_of(strings, found, at)
                owner = int(found.string[at])
                why = reason(strings, evidence, found, at, index, memory)
                if chosen[at] and not unit[at] and score[at] < self._model.thresholds["least_france"]:
                    why += (
                        "; the string is hardly more than this name, though labels of such strings often pass over it"
                    )
                if len(texts[owner]) > LONGEST:
                    why += f"; only the first {LONGEST} characters were read"
                told[owner].append(
                    Match(
                        (RNSR if unit[at] else ROR) + index.key(org),
                        index.display(org),
                        round(float(score[at]), 4),
                        "chosen" if chosen[at] else "candidate",
                        (start, end),
                        texts[owner][start:end],
                        why,
                    )
                )
        return [tuple(matches) for matches in told]


def identifiers(matches: Iterable[Match], *, units: bool = False) -> list[str]:
    """Give the identifiers of the chosen organisations, or of the chosen units."""
    start = RNSR if units else ROR
    return [
        match.id.removeprefix(start) for match in matches if match.decision == "chosen" and match.id.startswith(start)
    ]
