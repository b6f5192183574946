"""What each kind of evidence is worth, alone and together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.link.entities.entity import Entity, identifier_key
from kgtool.link.entities.evidence import Judgement, judge
from kgtool.link.entities.naming import WordWeights
from kgtool.link.entities.rules import rules

RULES = rules()


def thing(*names: str, kind: str = "organisation", **facts: object) -> Entity:
    identifiers = {identifier_key(RULES, scheme, value): value for scheme, value in dict(facts.pop("ids", {})).items()}  # type: ignore[call-overload]
    return Entity("urn:x", kind, names, identifiers=identifiers, **facts)  # type: ignore[arg-type]


def judged(one: Entity, other: Entity) -> Judgement:
    return judge(one, other, RULES, WordWeights(RULES, [one, other, thing("Institut de chimie de Nice")]))


def test_a_register_number_that_sites_share_does_not_settle_it() -> None:
    hospital = thing("CHU de Lille", ids={"SIRET": "26590671900017"})
    group = thing("GCS des quatre villes", ids={"SIRET": "265 906 719 00017"})
    same = thing("CHU de Lille", ids={"SIRET": "26590671900017"})
    assert judged(hospital, group).confidence < RULES.weights["chosen"]
    assert not judged(hospital, same).is_exact
    assert judged(hospital, same).confidence >= RULES.weights["chosen"]


def test_a_home_page_in_the_same_town_is_no_name() -> None:
    page = {"homepages": frozenset({"u-picardie.fr"}), "places": {"amiens": "Amiens"}}
    one, other = thing("Université de Picardie", **page), thing("Laboratoire de chimie des solides", **page)
    assert judged(one, other).confidence < RULES.weights["chosen"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RNSR structure 199213319S", "RNSR structure 199213315M"),
        ("UMR 8199", "UMR 8198"),
        ("CHU de Lille", "CHU d'Amiens"),
        ("Université de Lille", "Université de Paris"),
        ("École des mines de Douai", "École des mines de Nancy"),
    ],
)
def test_names_that_differ_in_the_word_that_counts(one: str, other: str) -> None:
    assert judged(thing(one), thing(other)).confidence < RULES.weights["chosen"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Université d'Artois", "Universite Artois"),
        ("CIIL - Centre d'infection et d'immunité", "Centre d’Infection et d’Immunité"),
        ("Institut Pasteur de Lille", "INSTITUT PASTEUR DE LILLE"),
        ("Neuroscience et cognition", "Neurosciences & Cognition"),
    ],
)
def test_names_of_one_thing(one: str, other: str) -> None:
    assert judged(thing(one), thing(other)).confidence >= RULES.weights["chosen"]


def test_other_towns_and_other_unit_numbers_speak_against() -> None:
    name = "Laboratoire de physiologie"
    alike = judged(thing(name, places={"lille": "Lille"}), thing(name, places={"lille": "Lille"})).confidence
    apart = judged(thing(name, places={"lille": "Lille"}), thing(name, places={"nice": "Nice"}))
    assert alike > judged(thing(name), thing(name)).confidence > apart.confidence
    assert 'one in "Lille", the other in "Nice"' in apart.why
    assert judged(thing(name, "U 1011"), thing(name, "U 1012")).confidence < 0.3


def test_reasons_quote_the_strings_of_the_data() -> None:
    why = judged(thing("Université d'Artois"), thing("Universite Artois")).why
    assert why == 'name "Université d\'Artois" has the words of "Universite Artois"'


NAMES = st.sampled_from(
    ["CHU de Lille", "U1190", "Inserm", "Université de Lille", "Institut Pasteur", "CIIL - Centre X"]
)
THINGS = st.builds(
    lambda names, places, ids: thing(*names, places={place.lower(): place for place in places}, ids=ids),
    st.lists(NAMES, max_size=3),
    st.lists(st.sampled_from(["Lille", "Amiens"]), max_size=2),
    st.dictionaries(st.sampled_from(["ROR", "SIRET", "ISNI"]), st.sampled_from(["1", "2"]), max_size=2),
)


@given(THINGS, THINGS)
def test_a_judgement_does_not_depend_on_the_order_of_the_two(one: Entity, other: Entity) -> None:
    there, back = judged(one, other), judged(other, one)
    assert there.confidence == back.confidence
    assert (there.conflict is None) == (back.conflict is None)
    assert 0 <= there.confidence <= 1
    assert there.why or not there.confidence
