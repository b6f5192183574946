"""Any fields and any bytes: nothing but records, faults, triples that can be read back, or an input error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from kgtool.errors import InputError
from kgtool.ingest.registries import REGISTRIES, registry_named
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.registry import Record, Setting, Survey
from tests.ingest.registries.importing import ID, made, ror

GOOD = ("02ppyfa04", "02vjkv261", "02feahw73")
RNSR = "numero_national_de_structure;libelle;sigle;annee_de_creation;code_postal;commune\n"

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(GOOD)
_NAMES = (
    "id value lang types type all preferred label name lat lng geonames_id geonames_details country_code parent "
    "ror_display website isni https://ror.org/02ppyfa04 0000000404718845 https://x.org/ active 2019 Lille FR"
)
_WORDS = st.sampled_from(_NAMES.split(" "))
_VALUES = st.recursive(
    _SCALARS | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)
_COLUMNS = (
    "libelle sigle annee_de_creation type_de_structure code_postal commune nom_du_responsable prenom_du_responsable "
    "titre_du_responsable label_numero tutelles code_de_nature_de_tutelle uai_des_tutelles siret_des_tutelles "
    "code_de_type_de_tutelle numero_de_structure_enfant numero_de_structure_parent numero_de_structure_historique "
    "type_de_succession annee_d_effet_historique code_domaine_scientifique fiche_rnsr site_web"
)
_CELLS = st.lists(
    st.text(max_size=8)
    | st.sampled_from(["201019111J", "202023567J", "TUTE", "UNIV", "0755364Y", "2002", "5", "fusion"]),
    max_size=3,
).map(";".join)


def checked(registry: str, fields: dict[str, object], key: str) -> None:
    """Survey and describe a record: nothing is raised, and each triple can be read back as one."""
    chosen = registry_named(registry)
    record = Record(1, key, fields)
    survey = chosen.survey(record)
    others = {other: Survey(name="x", kinds=("education", "status:active")) for other in (*GOOD, "202023567J")}
    setting = Setting(f"{ID}{registry}/", surveys={**others, key: survey})
    for said in chosen.describe(record, setting):
        if isinstance(said, tuple):
            line = f"{said[0]} {said[1]} {said[2]} .\n"
            assert len(list(parse(line.encode(), format=RdfFormat.N_TRIPLES))) == 1, line


@given(st.dictionaries(st.sampled_from(sorted(ror(GOOD[0]) | {"established": 1})), _VALUES))
def test_any_fields_of_ror_make_triples_or_faults(fields: dict[str, object]) -> None:
    checked("ror", {**ror(GOOD[0]), **fields, "id": GOOD[0]}, GOOD[0])


@given(st.dictionaries(st.sampled_from(_COLUMNS.split(" ")), _CELLS))
def test_any_cells_of_the_rnsr_make_triples_or_faults(cells: dict[str, object]) -> None:
    checked("rnsr", {"libelle": "x", **cells, "numero_national_de_structure": "201019111J"}, "201019111J")


_FINESS = [
    "rs",
    "rslongue",
    "siret",
    "ligneacheminement",
    "departement",
    "categagretab",
    "x",
    "y",
    "grid",
    "website",
    "dateouv",
]


@given(st.dictionaries(st.sampled_from(_FINESS), st.text(max_size=9) | _SCALARS))
def test_any_fields_of_finess_make_triples_or_faults(fields: dict[str, object]) -> None:
    checked("finess", {**fields, "rs": "x", "nofinesset": "590000105"}, "590000105")


_PIECES = st.lists(
    st.sampled_from(
        [b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"\n", b";", b" ", b"\xff", b"\xef\xbb\xbf", b"1e9", b"null"]
        + [json.dumps(ror(key)).encode() for key in GOOD]
        + [RNSR.encode(), b"201019111J;x;y;2000;59000;Lille\n", b"structureet;590000105;;CHU\n", b"finess;etalab\n"]
    )
    | st.binary(max_size=6),
    max_size=12,
).map(b"".join)


@given(_PIECES, st.sampled_from(sorted({"ror", "rnsr", "finess"} & REGISTRIES.keys())))
def test_any_bytes_give_records_and_faults_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, registry: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-bytes"
    file.write_bytes(content)
    try:
        found = list(registry_named(registry).read(Input("any", file)))
    except InputError:
        return
    for item in found:
        if isinstance(item, Record):
            assert item.key
            registry_named(registry).survey(item)


@pytest.mark.parametrize("shape", ["lines", "array", "answer"])
def test_json_in_an_old_western_encoding_is_read_with_its_accents(tmp_path: Path, shape: str) -> None:
    record = ror(GOOD[0], "Hôpital Jeanne-de-Flandre – Œuvre")
    value = {"lines": record, "array": [record], "answer": {"items": [record]}}[shape]
    found = made("ror", json.dumps(value, ensure_ascii=False).encode("cp1252"), tmp_path)
    assert found.faults == []
    assert found.values(f"{ID}ror/{GOOD[0]}", "#label") == {"Hôpital Jeanne-de-Flandre – Œuvre"}


def test_an_answer_in_an_old_western_encoding_is_read_with_its_accents(tmp_path: Path) -> None:
    answer = {"results": [{"id": "https://openalex.org/W1", "title": "Hôpital – Œuvre"}]}
    found = made("openalex", json.dumps(answer, ensure_ascii=False).encode("cp1252"), tmp_path)
    assert found.values(f"{ID}openalex/W1", "#label") == {"Hôpital – Œuvre"}
