"""Explanations as text: what a reader sees, word for word, in French and English. The texts were written by hand."""

from __future__ import annotations

import pytest

from kgtool.reasoning.language import Fact
from kgtool.reasoning.proofs import Explanation, Origin, Said, Step
from kgtool.reasoning.proofs.text import as_text, explanation_blocks

from .known_labels import Known, x
from .told import BORN, DAYS, FAMILY, UNCLE, Told, text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", """
            Ada – has the uncle – Carl

            It follows in 1 step:
              (1) Ada – has the uncle – Carl
                  because: Where a chain of properties leads, the property that sums it up leads
                  - has the uncle – sums up – the chain: has the parent, has the brother
                    Said by family.ttl (loaded on 1 February 2026)
                  - Ada – has the parent – Ben
                    Said by family.ttl (loaded on 1 February 2026)
                  - Ben – has the brother – Carl
                    Said by family.ttl (loaded on 1 February 2026)
            """),
        ("fr", """
            Ada – a pour oncle – Carl

            Cela se déduit en 1 étape :
              (1) Ada – a pour oncle – Carl
                  car : Là où mène une chaîne de propriétés mène la propriété qui la résume
                  - a pour oncle – résume – la chaîne : a pour parent, a pour frère
                    Dit par family.ttl (chargé le 1er février 2026)
                  - Ada – a pour parent – Ben
                    Dit par family.ttl (chargé le 1er février 2026)
                  - Ben – a pour frère – Carl
                    Dit par family.ttl (chargé le 1er février 2026)
            """),
    ],
)  # fmt: skip
def test_a_step_by_a_chain(language: str, expected: str) -> None:
    assert Told(UNCLE).why(":ada :uncle :carl .", language) == text(expected)


def test_what_sources_say_and_what_follows_besides_in_several_ways() -> None:
    told = Told(
        UNCLE + ":uncle rdfs:subPropertyOf :kin . :kin rdfs:subPropertyOf :relative .", ":ada :relative :carl ."
    )
    expected = """
        Ada – is a relative of – Carl
        Said by hearsay.ttl (loaded on 31 August 2026)

        It also follows in 2 steps:
          (1) Ada – is a relative of – Carl
              because: What a property says, a more general one says too
              - has the uncle – is a special case of – is a relative of
                Said by family.ttl (loaded on 1 February 2026)
              (2) Ada – has the uncle – Carl
                  because: Where a chain of properties leads, the property that sums it up leads
                  - has the uncle – sums up – the chain: has the parent, has the brother
                    Said by family.ttl (loaded on 1 February 2026)
                  - Ada – has the parent – Ben
                    Said by family.ttl (loaded on 1 February 2026)
                  - Ben – has the brother – Carl
                    Said by family.ttl (loaded on 1 February 2026)

        Another way, in 3 steps:
          (3) Ada – is a relative of – Carl
              because: What a property says, a more general one says too
              - kin – is a special case of – is a relative of
                Said by family.ttl (loaded on 1 February 2026)
              (4) Ada – kin – Carl
                  because: What a property says, a more general one says too
                  - has the uncle – is a special case of – kin
                    Said by family.ttl (loaded on 1 February 2026)
                  - Ada – has the uncle – Carl, as shown above (2)
        """
    assert told.why(":ada :relative :carl .", "en", limit=2) == text(expected)


def test_two_sources_are_both_named() -> None:
    told = Told(":p a owl:SymmetricProperty . :ada :p :ben .", ":ada :p :ben .", names=Known({}))
    expected = """
        ben – p – ada

        Cela se déduit en 1 étape :
          (1) ben – p – ada
              car : Une propriété symétrique va dans les deux sens
              - p – est de type – Propriété symétrique
                Dit par family.ttl (chargé le 1er février 2026)
              - ada – p – ben
                Dit par family.ttl (chargé le 1er février 2026) ; hearsay.ttl (chargé le 31 août 2026)
        """
    assert told.why(":ben :p :ada .", "fr") == text(expected)


def test_a_fact_that_sources_say_and_nothing_else_tells() -> None:
    assert Told(":ada :parent :ben .").why(":ada :parent :ben .", "fr") == text("""
        Ada – a pour parent – Ben
        Dit par family.ttl (chargé le 1er février 2026)
        """)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", """
            Ada – elder – Ben

            It follows in 1 step:
              (1) Ada – elder – Ben
                  because: Who was born first is the elder
                  - Ada – born – 10 December 1815
                    Said by family.ttl (loaded on 1 February 2026)
                  - Ben – born – 1 August 1816
                    Said by family.ttl (loaded on 1 February 2026)
                  - no source says that Ada – adopted by – something (somebody)
            """),
        ("fr", """
            Ada – elder – Ben

            Cela se déduit en 1 étape :
              (1) Ada – elder – Ben
                  car : Qui est né en premier est l'aîné
                  - Ada – born – 10 décembre 1815
                    Dit par family.ttl (chargé le 1er février 2026)
                  - Ben – born – 1er août 1816
                    Dit par family.ttl (chargé le 1er février 2026)
                  - aucune source ne dit que Ada – adopted by – quelque chose (somebody)
            """),
    ],
)  # fmt: skip
def test_a_rule_file_with_dates_and_with_what_nobody_says(language: str, expected: str) -> None:
    assert Told(DAYS, rule=BORN).why(":ada :elder :ben .", language) == text(expected)


def test_what_stands_deep_is_told_further_down() -> None:
    leaf = Said((x("c0"), x("p"), x("c0")), (Origin(FAMILY),))
    step: Step | Said = leaf
    for level in range(1, 9):
        fact: Fact = (x(f"c{level}"), x("p"), x("c0"))
        step = Step(fact, "up", {"en": "Up it goes"}, "test", (step,))
    lines = as_text(explanation_blocks(_explained(step), Known({}), "en")).splitlines()
    assert lines[2] == "It follows in 8 steps:"
    assert lines[3:15:2] == [f"{' ' * (2 + 4 * n)}({n + 1}) c{8 - n} – p – c0" for n in range(6)]
    assert lines[15:] == [
        f"{' ' * 26}- c2 – p – c0, as shown below (7)",
        "  (7) c2 – p – c0",
        "      because: Up it goes",
        "      (8) c1 – p – c0",
        "          because: Up it goes",
        "          - c0 – p – c0",
        "            Said by family.ttl",
    ]


def _explained(step: Step | Said) -> Explanation:
    assert isinstance(step, Step)
    return Explanation(step.fact, (), (step,))


COUPLE = """\
# fr: Deux personnes qui ont un enfant sont un couple
# en: Two people who have a child are a couple
PREFIX : <urn:x:>
CONSTRUCT { ?one :partner ?other . ?other :partner ?one }
WHERE { ?child :mother ?one ; :father ?other }
"""


def test_what_a_rule_concludes_besides_is_told_once() -> None:
    chain = ":partner rdfs:subPropertyOf :with . :pair owl:propertyChainAxiom ( :partner :partner ) ."
    told = Told(f"{chain} :carl :mother :ada ; :father :ben .", rule=COUPLE)
    expected = """
        Ada – pair – Ada

        It follows in 3 steps:
          (1) Ada – pair – Ada
              because: Where a chain of properties leads, the property that sums it up leads
              - pair – sums up – the chain: partner, partner
                Said by family.ttl (loaded on 1 February 2026)
              (2) Ada – partner – Ben
                  because: Two people who have a child are a couple
                  - Carl – mother – Ada
                    Said by family.ttl (loaded on 1 February 2026)
                  - Carl – father – Ben
                    Said by family.ttl (loaded on 1 February 2026)
              (3) Ben – partner – Ada, for the same reasons as (2)
        """
    assert told.why(":ada :pair :ada .", "en") == text(expected)
