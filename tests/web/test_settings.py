"""The table of settings: complete, readable from the environment and from flags, its errors named."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from kgtool.config import SETTINGS, Settings, settings_from
from kgtool.errors import InputError


def test_each_setting_of_the_contract_is_there(shared: Path) -> None:
    contract = (shared / "contract.md").read_text("utf-8")
    paragraph = contract[contract.index("Settings (environment") :].partition("\n\n")[0]
    named = set(re.findall(r"`(KGTOOL_\w+|PORT)`", paragraph))
    assert named
    assert named <= {setting.name for setting in SETTINGS}


def test_the_table_is_the_dataclass() -> None:
    assert [setting.field for setting in SETTINGS] == [field.name for field in dataclasses.fields(Settings)]
    assert all(setting.help and "\n" not in setting.help for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_an_empty_environment_gives_the_defaults() -> None:
    assert settings_from({}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("KGTOOL_STORE", "/a/b", "store", Path("/a/b")),
        ("KGTOOL_QUERY_TIMEOUT", "1.5", "query_timeout", 1.5),
        ("KGTOOL_FEDERATION", "a.example, b.example", "federation", ("a.example", "b.example")),
        ("KGTOOL_FEDERATION_TIMEOUT", "2", "federation_timeout", 2.0),
        ("KGTOOL_FEDERATION_MAX", "3", "federation_max", 3),
        ("KGTOOL_WRITE_TOKEN", "", "write_token", None),
        ("KGTOOL_READ_ONLY", "yes", "read_only", True),
        ("PORT", "0", "port", 0),
    ],
)
def test_the_environment_is_read(name: str, text: str, field: str, value: object) -> None:
    assert getattr(settings_from({name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("KGTOOL_QUERY_TIMEOUT", "0"),
        ("KGTOOL_QUERY_TIMEOUT", "nan"),
        ("KGTOOL_QUERY_TIMEOUT", "inf"),
        ("KGTOOL_QUERY_WORKERS", "0"),
        ("KGTOOL_QUERY_MEMORY", "2 GB"),
        ("KGTOOL_BASE", "w3id.org/x/"),
        ("KGTOOL_BASE", "https://w3id.org/x"),
        ("KGTOOL_READ_ONLY", "perhaps"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting(name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        settings_from({name: text})
    assert name in str(caught.value)
    assert text in str(caught.value)


def test_a_flag_wins_and_a_missing_flag_does_not() -> None:
    environ = {"PORT": "9000", "KGTOOL_HOST": "0.0.0.0"}
    settings = settings_from(environ, port="80", host=None)
    assert (settings.port, settings.host) == (80, "0.0.0.0")
