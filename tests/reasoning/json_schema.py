"""Checks JSON against the part of JSON Schema (draft 2020-12) that the project's own schemas use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None),
}  # fmt: skip
_KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "enum", "oneOf", "minimum", "items", "required",
    "properties", "additionalProperties",
}  # fmt: skip


class Schema:
    """A schema of a file."""

    def __init__(self, path: Path) -> None:
        self._root = json.loads(path.read_text("utf-8"))

    def errors(self, value: object) -> list[str]:
        """Say where a value is not what the schema asks for."""
        return self._errors(value, self._root, "$")

    def _errors(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        assert schema.keys() <= _KNOWN, f"this checker lacks {schema.keys() - _KNOWN}"
        found = []
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            found += self._errors(value, self._root["$defs"][name], where)
        if "oneOf" in schema:
            tried = [self._errors(value, option, where) for option in schema["oneOf"]]
            if sum(not errors for errors in tried) != 1:
                found.append(f"{where} is not one of them: {min(tried, key=len)}")
        if "type" in schema and not _is(value, schema["type"]):
            return [*found, f"{where} is no {schema['type']}"]
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{where} is {value}")
        if "minimum" in schema and value < schema["minimum"]:
            found.append(f"{where} is {value}")
        if isinstance(value, list) and "items" in schema:
            for place, item in enumerate(value):
                found += self._errors(item, schema["items"], f"{where}[{place}]")
        if isinstance(value, dict):
            found += self._of_object(value, schema, where)
        return found

    def _of_object(self, value: dict[str, Any], schema: dict[str, Any], where: str) -> list[str]:
        found = [f"{where} lacks {name}" for name in schema.get("required", ()) if name not in value]
        named, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, member in value.items():
            if name in named:
                found += self._errors(member, named[name], f"{where}.{name}")
            elif others is False:
                found.append(f"{where} has {name}")
            elif isinstance(others, dict):
                found += self._errors(member, others, f"{where}.{name}")
        return found


def _is(value: object, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    return any(isinstance(value, _TYPES[name]) and (name == "boolean" or value is not True) for name in names)
