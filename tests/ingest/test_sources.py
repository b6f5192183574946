"""What becomes a source, and how its graph is named."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from kgtool.errors import ForbiddenError, InputError, MissingError
from kgtool.ingest import FORMATS, format_of_media_type, sources_of_bytes, sources_of_files, sources_of_folder
from kgtool.ingest.formats import EXTENSIONS, format_of_name
from kgtool.ingest.sources import graph_of_name
from kgtool.vocabulary import SOURCE_PREFIX


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"<urn:a> <urn:b> <urn:c> .")


def test_a_file_goes_to_the_graph_of_its_name_whatever_its_folder(tmp_path: Path) -> None:
    touch(tmp_path, "deep/people.ttl.gz")
    given_path = str(tmp_path / "deep" / "people.ttl.gz")

    [source] = sources_of_files([given_path])

    assert source.graph.value == "urn:kgtool:source:people.ttl.gz"
    assert (source.name, source.format, source.compression) == (given_path, RdfFormat.TURTLE, "gz")


def test_a_graph_that_is_named_wins(tmp_path: Path) -> None:
    touch(tmp_path, "a.ttl", "b.nt")
    files = [str(tmp_path / "a.ttl"), str(tmp_path / "b.nt")]

    assert {source.graph.value for source in sources_of_files(files, graph="urn:kgtool:default")} == {
        "urn:kgtool:default"
    }


#: What a file name can hold: any character, or a byte that is not UTF-8 as Python writes it.
NAME_CHARACTERS = st.characters(exclude_characters="/\0", exclude_categories=["Cs"]) | st.sampled_from("\udc80\udcff")


@given(st.text(alphabet=NAME_CHARACTERS, min_size=1))
def test_any_file_name_gives_an_iri_of_its_own(name: str) -> None:
    graph = graph_of_name(name)

    assert graph.value.startswith(SOURCE_PREFIX)
    assert not set(graph.value) & set(' <>"{}|\\^`?#')
    assert graph_of_name(name + "!") != graph


def test_names_that_differ_only_in_what_is_encoded_stay_apart() -> None:
    assert len({graph_of_name(name) for name in ("a b.ttl", "a%20b.ttl", "a+b.ttl", "a_b.ttl")}) == 4


def test_a_folder_gives_its_rdf_files_sorted_and_nothing_else(tmp_path: Path) -> None:
    touch(tmp_path, "b.ttl", "a.nt.xz", "sub/c.JSONLD", "sub/.hidden.ttl", ".git/d.ttl")
    touch(tmp_path, "README", "README.md", "notes.txt", "e.ttl~", "table.csv.gz", "f.n3")

    sources = sources_of_folder(tmp_path)

    assert [source.graph.value for source in sources] == [
        "urn:kgtool:source:a.nt.xz",
        "urn:kgtool:source:b.ttl",
        "urn:kgtool:source:sub/c.JSONLD",
    ]


def test_a_folder_may_be_named_from_above(tmp_path: Path) -> None:
    touch(tmp_path, "ontology/core.ttl")

    [source] = sources_of_folder(tmp_path / "ontology", name_from=tmp_path)

    assert source.graph.value == "urn:kgtool:source:ontology/core.ttl"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such folder"):
        sources_of_folder(tmp_path / "nowhere")


def test_a_file_given_as_a_folder(tmp_path: Path) -> None:
    touch(tmp_path, "a.ttl")
    with pytest.raises(InputError, match="not a folder"):
        sources_of_folder(tmp_path / "a.ttl")


def test_a_folder_given_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="build with the folder"):
        sources_of_files([str(tmp_path)])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingError) as caught:
        sources_of_files([str(tmp_path / "nowhere.ttl")])
    assert str(tmp_path / "nowhere.ttl") in str(caught.value)


@pytest.mark.parametrize("name", ["a\0b.ttl", "x" * 5000 + ".ttl"])
def test_a_path_that_cannot_be(name: str) -> None:
    with pytest.raises(InputError):
        sources_of_files([name])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    touch(tmp_path, "a.ttl")
    (tmp_path / "a.ttl").chmod(0)
    with pytest.raises(InputError, match="permission"):
        sources_of_files([str(tmp_path / "a.ttl")])


@pytest.mark.parametrize(("name", "advice"), [("a.txt", "--format"), ("a", "extension"), ("a.n3", "--format turtle")])
def test_an_extension_that_promises_nothing(tmp_path: Path, name: str, advice: str) -> None:
    touch(tmp_path, name)
    with pytest.raises(InputError, match=advice):
        sources_of_files([str(tmp_path / name)])
    assert len(sources_of_files([str(tmp_path / name)], format="turtle")) == 1


def test_standard_input_needs_a_format() -> None:
    with pytest.raises(InputError, match="--format"):
        sources_of_files(["-"], stdin=io.BytesIO(b""))


def test_standard_input_is_read_once() -> None:
    with pytest.raises(InputError, match="twice"):
        sources_of_files(["-", "-"], format="turtle", stdin=io.BytesIO(b""))


def test_an_unknown_format_names_the_near_one() -> None:
    with pytest.raises(InputError, match="did you mean turtle"):
        sources_of_bytes(b"", name="body", graph="urn:g", format="turtel")


def test_formats_have_many_names() -> None:
    for name, format in FORMATS.items():
        assert format_of_name(name) == format_of_name(name.upper()) == format
        assert format_of_media_type(format.media_type + "; charset=utf-8") == format
    for extension, format in EXTENSIONS.items():
        assert format_of_name(extension) == format_of_name("." + extension) == format


@pytest.mark.parametrize("media_type", ["text/n3", "text/csv", "", "nonsense", "a/b/c;;"])
def test_media_types_that_are_not_read(media_type: str) -> None:
    assert format_of_media_type(media_type) is None


@pytest.mark.parametrize("graph", ["", "people", "a b", "urn:x:<a>"])
def test_a_graph_that_is_no_iri(graph: str) -> None:
    with pytest.raises(InputError, match="absolute IRI"):
        sources_of_bytes(b"", name="body", graph=graph, format="turtle")


@pytest.mark.parametrize("graph", ["urn:kgtool:inferred", "urn:kgtool:provenance", "urn:kgtool:meta", "urn:kgtool:new"])
def test_a_graph_that_is_reserved(graph: str) -> None:
    with pytest.raises(ForbiddenError):
        sources_of_bytes(b"", name="body", graph=graph, format="turtle")


def test_a_folder_named_as_a_file_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "people.ttl").mkdir()

    with pytest.raises(InputError, match="this is a folder") as caught:
        sources_of_files([str(tmp_path / "people.ttl")])
    assert str(caught.value).count("people.ttl") == 1
