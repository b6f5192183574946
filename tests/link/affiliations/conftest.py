"""A small registry of each form, and a matcher over its index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtool.link.affiliations import Matcher
from kgtool.link.affiliations.locating import make_index

NAMES = [
    (
        "02kzqn938",
        "FR",
        "Lille",
        "education",
        "Université de Lille@fr|ror_display,label ¦ University of Lille@en|label",
    ),
    (
        "02ppyfa04",
        "FR",
        "Lille",
        "healthcare",
        "Centre Hospitalier Universitaire de Lille@fr|ror_display,label ¦ CHU Lille@|acronym",
    ),
    (
        "02feahw73",
        "FR",
        "Paris",
        "government,funder",
        "Centre National de la Recherche Scientifique@fr|ror_display,label ¦ CNRS@|acronym",
    ),
    (
        "02vjkv261",
        "FR",
        "Paris",
        "government,funder",
        "Inserm@fr|ror_display,label ¦ Institut National de la Santé et de la Recherche Médicale@fr|label",
    ),
    ("052gg0110", "GB", "Oxford", "education", "University of Oxford@en|ror_display,label"),
    ("02ex6cf31", "US", "Upton", "facility", "Brookhaven National Laboratory@en|ror_display,label ¦ BNL@|acronym"),
    ("04v2twj65", "GB", "Newcastle", "education", "Northumbria University@en|ror_display,label"),
]
UNITS = [
    ("201019131Y", "Génomique et maladies métaboliques", "", "59045", "LILLE CEDEX", "UMR 8199;U 1283",
     "Centre national de la recherche scientifique;Université Lille", "CNRS;LILLE"),
    ("201521249L", "UMR 9189 - CRISTAL - Centre de Recherche en Informatique, Signal et Automatique de Lille", "",
     "59655", "VILLENEUVE D ASCQ CEDEX", "UMR 9189",
     "Centrale Lille Institut;Centre national de la recherche scientifique", "CNRS"),
    ("200712345A", "Nutrition et alimentation des populations", "NAP", "75005", "PARIS", "UMR 1190", "INRAE", "INRAE"),
    ("200754321B", "Recherche translationnelle sur le diabète", "RTD", "59045", "LILLE CEDEX", "UMR_S 1190",
     "Institut national de la santé et de la recherche médicale;Université Lille", "INSERM;LILLE"),
]  # fmt: skip
RNSR_COLUMNS = (
    "numero_national_de_structure", "libelle", "sigle", "code_postal", "commune", "label_numero", "tutelles",
    "sigles_des_tutelles",
)  # fmt: skip


def ror_table() -> str:
    rows = ("\t".join((key, "active", "record", "v2", *rest)) for key, *rest in NAMES)
    head = "ror_id\tstatus\tdetail\trelease\tcountry\tcity\ttypes\tnames(value@lang|types)\n"
    return head + "".join(row + "\n" for row in rows)


def ror_records() -> list[dict[str, object]]:
    """Give the same organisations as ROR's dump of schema 2 has them."""
    records = []
    for key, land, city, types, names in NAMES:
        values = [(v, m.partition("|")) for v, _, m in (entry.rpartition("@") for entry in names.split(" ¦ "))]
        records.append({
            "id": f"https://ror.org/{key}", "status": "active", "types": types.split(","), "relationships": [],
            "names": [{"value": v, "lang": m[0] or None, "types": m[2].split(",")} for v, m in values],
            "locations": [{"geonames_id": 1, "geonames_details": {"name": city, "country_code": land}}],
        })  # fmt: skip
    return records


def rnsr_table() -> str:
    rows = [";".join(f'"{cell}"' for cell in unit) for unit in UNITS]
    return "\n".join([";".join(RNSR_COLUMNS), *rows]) + "\n"


@pytest.fixture(scope="session")
def registries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a file of ROR and one of RNSR."""
    folder = tmp_path_factory.mktemp("registries")
    ror, rnsr = folder / "ror.json", folder / "rnsr.csv"
    ror.write_text(json.dumps(ror_records()), encoding="utf-8")
    rnsr.write_text(rnsr_table(), encoding="utf-8")
    return ror, rnsr


@pytest.fixture(scope="session")
def index(registries: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the index of these."""
    folder = tmp_path_factory.mktemp("index") / "organisations"
    make_index([registries[0]], [registries[1]], folder)
    return folder


@pytest.fixture(scope="session")
def matcher(index: Path) -> Matcher:
    return Matcher.open(index)
