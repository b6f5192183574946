"""Labelled strings that are most like a string vote for their labels."""

from __future__ import annotations

import numpy as np
import pytest

from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.neighbours import (
    Neighbours,
    learn_neighbours,
    load_neighbours,
    save_neighbours,
    votes_of,
)
from kgtool.link.affiliations.strings import read_strings

LABELLED = [
    ("Clarendon Laboratory, Parks Road, Oxford", ["052gg0110"]),
    ("Parks Road, Clarendon Laboratory, Oxford", ["052gg0110"]),
    ("Cyclotron Road, Upton", ["02ex6cf31"]),
    ("Cyclotron Building, Upton, Oxford", ["02ex6cf31", "052gg0110"]),
    ("Parks Road, Somewhere, Upton", ["0absent00"]),
]


@pytest.fixture(scope="module")
def opened(index) -> Index:
    return Index(index)


@pytest.fixture(scope="module")
def kept(opened) -> Neighbours:
    return learn_neighbours(
        read_strings([text for text, _ in LABELLED], opened), [labels for _, labels in LABELLED], opened
    )


def said(texts: list[str], kept: Neighbours, opened: Index) -> list[dict[str, tuple[float, float, int, int]]]:
    votes = votes_of(read_strings(texts, opened), kept)
    found: list[dict[str, tuple[float, float, int, int]]] = [{} for _ in texts]
    for string, org, *row in zip(
        votes.string, votes.org, votes.share, votes.most, votes.rank, votes.voters, strict=True
    ):
        found[int(string)][opened.key(int(org))] = tuple(row)
    return found


def test_strings_of_the_same_words_and_labels_are_kept_once(kept):
    assert len(kept) == 4
    assert sorted(kept.seen.tolist()) == [1, 1, 1, 2]


def test_the_very_string_is_nearest_and_alike_in_every_order(kept, opened):
    (found,) = said(["Oxford, Clarendon Laboratory, Parks Road"], kept, opened)
    share, most, rank, _ = found["052gg0110"]
    assert most == pytest.approx(1.0, abs=1e-5)
    assert rank == 0
    assert share > found["02ex6cf31"][0]


def test_each_label_of_a_neighbour_gets_its_vote_and_an_absent_one_none(kept, opened):
    (found,) = said(["Cyclotron Building, Upton"], kept, opened)
    assert set(found) == {"02ex6cf31", "052gg0110"}
    assert found["02ex6cf31"][3] == 2


def test_words_that_nobody_wrote_make_strings_less_alike(kept, opened):
    near, far = said(["Cyclotron Road, Upton", "Cyclotron Road, Upton, Nowhereville Xyzzy"], kept, opened)
    assert far["02ex6cf31"][1] < near["02ex6cf31"][1]
    assert said(["Nowhereville Xyzzy"], kept, opened) == [{}]


def test_the_span_is_of_words_that_the_neighbour_has_too(kept, opened):
    strings = read_strings(["Nowhereville, Clarendon Laboratory, Xyzzy"], opened)
    votes = votes_of(strings, kept)
    at = [opened.key(int(org)) for org in votes.org].index("052gg0110")
    text = strings.texts[0]
    assert text[strings.start[votes.first[at]] : strings.end[votes.last[at]]] == "Clarendon Laboratory"


def test_company_in_a_batch_changes_no_vote(kept, opened):
    texts = ["Cyclotron Building, Upton", "Clarendon Laboratory", "", "Parks Road, Oxford"]
    assert said(texts, kept, opened) == [said([text], kept, opened)[0] for text in texts]


def test_what_is_written_is_read_again(kept, opened, tmp_path):
    save_neighbours(kept, tmp_path / "neighbours.npz")
    again = load_neighbours(tmp_path / "neighbours.npz", opened)
    texts = [text for text, _ in LABELLED]
    assert said(texts, again, opened) == said(texts, kept, opened)
    assert np.array_equal(again.matrix.toarray(), kept.matrix.toarray())


def test_who_learnt_nothing_says_nothing(opened):
    nothing = learn_neighbours(read_strings([], opened), [], opened)
    assert said(["Oxford"], nothing, opened) == [{}]
