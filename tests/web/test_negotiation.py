"""Negotiation against RFC 9110's own words, written out plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.web.negotiation import GRAPH_FORMATS, SOLUTION_FORMATS, choose, language, media_ranges, quality

TYPES = [media_type for types in (*SOLUTION_FORMATS.values(), *GRAPH_FORMATS.values()) for media_type in types]
RANGES = st.sampled_from([*TYPES, "*/*", "text/*", "application/*", "image/png", "image/*"])
WEIGHTS = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
HEADERS = st.dictionaries(RANGES, WEIGHTS, min_size=1, max_size=6)


def written(header: dict[str, float]) -> str:
    return ", ".join(f"{name};q={weight:g}" for name, weight in header.items())


def weight_of(header: dict[str, float], media_type: str) -> float:
    """Section 12.5.1: the most specific range that matches gives the weight; what none matches is not acceptable."""
    for name in (media_type, media_type.split("/")[0] + "/*", "*/*"):
        if name in header:
            return header[name]
    return 0.0


@given(HEADERS, st.sampled_from(TYPES))
def test_the_most_specific_range_gives_the_quality(header: dict[str, float], media_type: str) -> None:
    assert quality(media_ranges(written(header)), media_type) == weight_of(header, media_type)


@given(HEADERS)
def test_the_choice_is_acceptable_and_none_is_better(header: dict[str, float]) -> None:
    offers = {media_type: (media_type,) for media_type in TYPES}
    chosen = choose(written(header), offers)
    best = max(weight_of(header, media_type) for media_type in TYPES)
    if chosen is None:
        assert best == 0
    else:
        assert weight_of(header, chosen) == best > 0
        assert not any(weight_of(header, name) == best for name in list(offers)[: list(offers).index(chosen)])


@given(HEADERS)
def test_what_is_refused_is_never_chosen(header: dict[str, float]) -> None:
    for formats in (SOLUTION_FORMATS, GRAPH_FORMATS):
        chosen = choose(written(header), formats)
        if chosen is not None:
            assert any(weight_of(header, media_type) > 0 for media_type in formats[chosen])


@given(HEADERS, st.randoms(use_true_random=False))
def test_the_order_in_the_header_does_not_count(header: dict[str, float], random: object) -> None:
    names = list(header)
    random.shuffle(names)  # type: ignore[attr-defined]
    shuffled = {name: header[name] for name in names}
    assert choose(written(shuffled), SOLUTION_FORMATS) == choose(written(header), SOLUTION_FORMATS)


@given(st.text(max_size=60))
def test_any_header_is_read(header: str) -> None:
    assert choose(header, SOLUTION_FORMATS) in (None, *SOLUTION_FORMATS)
    assert language(header) in ("fr", "en")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "json"),
        ("", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),  # browsers
        ("application/json", "json"),
        ("TEXT/CSV", "csv"),
        ("text/csv; charset=utf-8; q=0.5, text/tab-separated-values;q=0.4", "csv"),
        ("*", "json"),
        ("application/xml", "xml"),
        ("text/turtle", None),
    ],
)
def test_headers_that_clients_send(header: str | None, expected: str | None) -> None:
    assert choose(header, SOLUTION_FORMATS) == expected
