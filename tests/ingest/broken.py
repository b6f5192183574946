"""Reads what is expected to be an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Quad

from kgtool.errors import InputError

Read = Callable[..., list[Quad]]


def error_of(read: Read, name: str, content: bytes | str, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(name, content.encode() if isinstance(content, str) else content, **options)
    assert caught.value.where is not None
    assert (caught.value.where.file or "").endswith(name)
    return caught.value


def place(error: InputError) -> tuple[int | None, int | None]:
    assert error.where is not None
    return error.where.line, error.where.column
