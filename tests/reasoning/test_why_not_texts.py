"""Why something does not follow, and what contradicts itself, as text. The texts were written by hand."""

from __future__ import annotations

import pytest

from .known_labels import LABELS, Known
from .told import BORN, DAYS, UNCLE, Told, text


def test_why_not_where_a_source_says_what_none_should() -> None:
    expected = """
        Ada – elder – Ben

        Cela ne se déduit pas.

        Au plus près : Qui est né en premier est l'aîné
          on a :
            - Ada – born – 10 décembre 1815
            - Ben – born – 1er août 1816
          mais une source dit que :
            - Ada – adopted by – Carl
        """
    told = Told(DAYS, ":ada :adoptedBy :carl .", rule=BORN)
    assert told.why(":ada :elder :ben .", "fr") == text(expected)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", """
            Ada – has the uncle – Dora

            This does not follow.

            Closest: Where a chain of properties leads, the property that sums it up leads
              it holds that:
                - has the uncle – sums up – unnamed A
                - Ada – has the parent – Ben
              missing:
                - Ben – has the brother – Dora
            """),
        ("fr", """
            Ada – a pour oncle – Dora

            Cela ne se déduit pas.

            Au plus près : Là où mène une chaîne de propriétés mène la propriété qui la résume
              on a :
                - a pour oncle – résume – sans nom A
                - Ada – a pour parent – Ben
              il manque :
                - Ben – a pour frère – Dora
            """),
    ],
)  # fmt: skip
def test_why_not(language: str, expected: str) -> None:
    told = Told(UNCLE, names=Known({**LABELS, "dora": {"": "Dora"}}))
    assert told.why(":ada :uncle :dora .", language) == text(expected)


def test_why_not_where_something_unnamed_is_missing() -> None:
    told = Told(":C rdfs:subClassOf :D . :p rdfs:domain :C .")
    expected = """
        Ada – is a – C

        This does not follow.

        Closest: Whatever has a property is in the property's domain
          it holds that:
            - p – has the domain – C
          missing:
            - Ada – p – something
        """
    assert told.why(":ada a :C .", "en") == text(expected)


def test_why_not_where_no_rule_speaks_of_such_a_thing() -> None:
    assert Told(":ada :parent :ben .").why(":ada :likes :ben .", "en") == text("""
        Ada – likes – Ben

        This does not follow.

        No rule comes near it.
        """)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", """
            1 contradiction

            (1) These contradict each other: Nothing is in two disjoint classes
                - person – has no member in common with – Place
                  Said by family.ttl (loaded on 1 February 2026)
                - Ada – is a – person
                  Said by family.ttl (loaded on 1 February 2026)
                (2) Ada – is a – Place
                    because: Whatever has a property is in the property's domain
                    - contains – has the domain – Place
                      Said by family.ttl (loaded on 1 February 2026)
                    - Ada – contains – Ben
                      Said by hearsay.ttl (loaded on 31 August 2026)
            """),
        ("fr", """
            1 contradiction

            (1) Ceci se contredit : Rien n'est dans deux classes disjointes
                - person – n'a aucun membre commun avec – Place
                  Dit par family.ttl (chargé le 1er février 2026)
                - Ada – est de type – person
                  Dit par family.ttl (chargé le 1er février 2026)
                (2) Ada – est de type – Place
                    car : Ce qui a une propriété est dans le domaine de cette propriété
                    - contains – a pour domaine – Place
                      Dit par family.ttl (chargé le 1er février 2026)
                    - Ada – contains – Ben
                      Dit par hearsay.ttl (chargé le 31 août 2026)
            """),
    ],
)  # fmt: skip
def test_a_contradiction(language: str, expected: str) -> None:
    family = ":person owl:disjointWith :Place . :contains rdfs:domain :Place . :ada a :person ."
    assert Told(family, ":ada :contains :ben .").contradictions(language) == text(expected)


def test_no_contradiction() -> None:
    told = Told(":ada :parent :ben .")
    assert told.contradictions("en") == "Nothing contradicts itself.\n"
    assert told.contradictions("fr") == "Rien ne se contredit.\n"
