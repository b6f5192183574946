"""What an establishment of the register of hospitals says, in each shape that the register is published in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtool.errors import InputError
from tests.ingest.registries.importing import ID, known, made


def test_two_records_of_one_entity_are_neither(tmp_path: Path) -> None:
    file = tmp_path / "known.ttl"
    file.write_text(
        f"@prefix schema: <https://schema.org/> . <{ID}r/chu> schema:identifier <{ID}r/i> . <{ID}r/i> "
        'schema:propertyID "SIRET" ; schema:value "26590671900017" .',
        encoding="utf-8",
    )
    sites = [{"nofinesset": n, "rs": n, "siret": "26590671900017"} for n in ("590000105", "590780193")]
    rows = [json.dumps(site).encode() for site in sites]
    both = made("finess", b"\n".join(rows), tmp_path / "a", known=known([file]))
    alone = made("finess", rows[0], tmp_path / "b", known=known([file]))
    assert set(both.described.keys) == {f"{ID}finess/590000105", f"{ID}finess/590780193"}
    assert set(alone.described.keys) == {f"{ID}r/chu"}


EXTRACTION = (
    "finess;etalab;95;2024-01-10\n"
    "structureet;590000105;590780193;CHU LILLE;CENTRE HOSPITALIER UNIVERSITAIRE;;;2;AV;LAMBRET;;;350;59;NORD;"
    "59037 LILLE CEDEX;0320445962;;101;CHR;1101;Centres Hospitaliers;26590671900017;;;;;;1990-01-01;;2023-01-01;\n"
    "structureet;590000113;;PHARMACIE;;;;2;AV;LAMBRET;;;350;59;NORD;59037 LILLE CEDEX;;;620;Pharmacie;3201;P;;;;;;;;;\n"
    "structureet;59000;short\n"
    "geolocalisation;590000105;703700.5;7057000.1;1,ATLASANTE,100,IGN,LAMBERT_93;2024-01-10\n"
)


def test_the_public_extraction_of_finess(tmp_path: Path) -> None:
    found = made("finess", EXTRACTION.encode("latin-1"), tmp_path, region="departments:59")
    base = f"{ID}finess/"
    assert found.keys == {"590000105", "590000113"}
    assert [number for number, _ in found.faults] == [4]
    assert found.values(f"{base}590000105", "#type") == {"https://w3id.org/kgtool/ontology#Hospital"}
    assert found.values(f"{base}590000113", "#type") == {"http://www.w3.org/ns/org#Organization"}
    # one address, two establishments, and one town
    assert found.values(f"{base}590000105", "locatedIn") == found.values(f"{base}590000113", "locatedIn")
    (latitude,), (longitude,) = (found.values(f"{base}590000105", end) for end in ("#lat", "#long"))
    assert abs(float(latitude) - 50.61) < 0.05
    assert abs(float(longitude) - 3.05) < 0.02
    assert "0320445962" not in str(found.quads)


#: The first lines are of etalab-cs1100502-stock-20260512-0339.csv as it was published.
PUBLISHED = (
    "finess;etalab;111;2026-05-12\n"
    "structureet;010000024;010780054;CH DE FLEYRIAT;CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT;;;900;RTE;DE PARIS;"
    ";;451;01;AIN;01440 VIRIAT;0474454647;0474454114;355;Centre Hospitalier (C.H.);1102;Centres Hospitaliers;"
    "26010004500012;8610Z;03;ARS établissements Publics de santé dotation globale;1;Etablissement public de santé;"
    "1979-02-13;1979-02-13;2020-02-04;\n"
    "structureet;980600027;980600019;HOPITAL DE SIA;;;;;;;;BP 4 - MATA'UTU;613;9J;WALLIS ET FUTUNA;98600 UVEA;;;355;"
    "Centre Hospitalier (C.H.);1102;Centres Hospitaliers;13000323900014;;99;Indéterminé;1;"
    "Etablissement public de santé;2024-10-30;2024-10-30;2024-10-30;\n"
    "geolocalisation;980600027;544000.0;8530000.0;1,ATLASANTE,96,BAN,UTM_S01;2025-09-04\n"
)


@pytest.mark.parametrize(("region", "number"), [("departments:01", "010000024"), ("departments:986", "980600027")])
def test_lines_of_finess_as_they_were_published(tmp_path: Path, region: str, number: str) -> None:
    found = made("finess", PUBLISHED.encode("latin-1"), tmp_path, region=region)
    assert found.faults == []
    assert found.keys == {number}
    assert found.values(f"{ID}finess/{number}", "#type") == {"https://w3id.org/kgtool/ontology#Hospital"}
    assert found.values(f"{ID}finess/{number}", "#lat") == set()  # a grid of elsewhere


def test_the_department_that_finess_says_comes_before_that_of_the_postcode(tmp_path: Path) -> None:
    line = PUBLISHED.splitlines()[1].replace("01440 VIRIAT", "39999 VIRIAT")
    assert made("finess", line.encode(), tmp_path, region="departments:01").keys == {"010000024"}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_of_finess_with_names_in_any_order(tmp_path: Path, separator: str) -> None:
    rows = [
        ["categagretab", "rs", "ligneacheminement", "nofinesset"],
        ["1102", "CH DE FLEYRIAT", "01440 VIRIAT", "10000024"],
    ]
    found = made(
        "finess", "\r\n".join(map(separator.join, rows)).encode("utf-8-sig"), tmp_path, region="departments:01"
    )
    assert found.values(f"{ID}finess/010000024", "#type") == {"https://w3id.org/kgtool/ontology#Hospital"}
    with pytest.raises(InputError, match="no column rs: the first line has a, b"):
        made("finess", b"a;b\n1;2\n", tmp_path)


def test_the_reference_file_of_finess(tmp_path: Path) -> None:
    head = (
        "finess,etat,rs,type,siret,date_ouverture,adresse_code_postal,adresse_lib_routage,categ_niv3_code,"
        "geoloc_4326_lat,geoloc_4326_long\n"
    )
    rows = (
        "590000105,ACTUEL,CHU LILLE,ET,26590671900017,1990-01-01,59037,LILLE CEDEX,1101,50.61,3.05\n"
        "590780193,ACTUEL,CHU DE LILLE,EJ,,,59037,LILLE CEDEX,,,\n"
        "590000113,FERME,CLINIQUE,ET,,,59037,LILLE CEDEX,1102,-91,3.05\n"
    )
    found = made("finess", (head + rows).encode(), tmp_path, region="departments:59")
    base = f"{ID}finess/"
    assert found.faults == []
    assert found.subjects("#Hospital") == {f"{base}590000105", f"{base}590000113"}
    assert found.values(f"{base}590000105", "#lat") == {"50.61"}
    assert found.values(f"{base}590000105", "foundingDate") == {"1990-01-01"}
    assert found.values(f"{base}590000113", "#lat") == set()
    assert [q.subject.value for q in found.quads if q.predicate.value.endswith("registryStatus")] == [
        f"{base}590000113"
    ] * 2
