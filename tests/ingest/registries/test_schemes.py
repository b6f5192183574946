"""What is an identifier when it is read is one for the shapes, and the reverse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.ingest.registries.schemes import is_sound
from tests.validate.packaged import refused_values

SOUND = {
    "ROR": ["https://ror.org/02ppyfa04", "02ppyfa04", "02PPYFA04"],
    "ORCID": ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1694-233X"],
    "ISNI": ["0000 0004 0471 8845"],
    "SIRET": ["26590671900017", "35600000000048"],
    "SIREN": ["265906719"],
    "RNSR": ["201019111J", "201019111j"],
    "UAI": ["0755364Y"],
    "FINESS": ["590000105", "2A0000014"],
    "IdRef": ["026404788", "http://www.idref.fr/026404788/id"],
    "Wikidata": ["Q2945741"],
    "GRID": ["grid.410463.4"],
    "FundRef": ["501100015613"],
}


@pytest.mark.parametrize("scheme", SOUND)
@settings(max_examples=6)
@given(st.data())
def test_reading_and_validating_agree(scheme: str, data: st.DataObject) -> None:
    changed = st.sampled_from(SOUND[scheme]).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.sampled_from("0159XxQa -é\u0663\n")).map(
            lambda edit: text[: edit[0]] + edit[1] + text[edit[0] + 1 :]
        )
    )
    values = [*SOUND[scheme], *data.draw(st.lists(changed, min_size=4, max_size=12))]
    refused = refused_values(scheme, values)
    assert {value for value in values if not is_sound(scheme, value)} == refused
    assert refused.isdisjoint(SOUND[scheme])
