"""What a client asks, whichever version of the API it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["name", "id", "property"]
Quantifier = Literal["any", "all", "none"]
Strictness = Literal["any", "should", "all"]

#: Candidates that a query gets which does not say how many.
DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 100
#: Queries of one batch, and what the manifest advises.
MAX_BATCH: Final = 200
ADVISED_BATCH: Final = 50


@dataclass(frozen=True)
class Value:
    """A value to compare with: a text, and the id of an entity where it is one."""

    text: str
    id: str | None = None


@dataclass(frozen=True)
class Condition:
    """What a candidate should fulfil.

    :param property: whose values are compared, of the kind ``property``.
    :param required: whether who does not is no candidate.
    :param qualifier: how values are compared: ``ExactMatch``, ``WildcardMatch``; anything else by likeness.
    """

    kind: Kind
    values: tuple[Value, ...]
    property: str = ""
    required: bool = False
    quantifier: Quantifier = "any"
    qualifier: str = ""


@dataclass(frozen=True)
class Query:
    """One query of a batch.

    :param types: classes, as IRIs or prefixed names.
    :param strictness: whether a candidate has one of them, should have, or has all.
    :param language: in which names are given.
    """

    conditions: tuple[Condition, ...]
    types: tuple[str, ...] = ()
    strictness: Strictness = "any"
    limit: int = DEFAULT_LIMIT
    language: str = "en"

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names that are looked for, any of which will do."""
        texts = [value.text for condition in self.conditions if condition.kind == "name" for value in condition.values]
        return tuple(text for text in dict.fromkeys(texts) if text.strip())


@dataclass(frozen=True)
class Wanted:
    """A property to fetch, with the settings of the manifest.

    :param limit: most values of an entity; 0 for all.
    :param content: ``name`` for what people read, ``id`` for identifiers alone.
    """

    property: str
    limit: int = 0
    content: str = "name"


@dataclass(frozen=True)
class Extension:
    """Values of properties to fetch of entities."""

    ids: tuple[str, ...]
    properties: tuple[Wanted, ...]
