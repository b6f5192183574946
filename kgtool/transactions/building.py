"""What a new store is made of: the ontology's files kept beside the quads, and the sources that go into them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from kgtool.errors import InputError, MissingError
from kgtool.ingest import Source, sources_of_folder
from kgtool.questions import QUESTIONS, VIEWS, read_questions
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.program import program_of
from kgtool.reasoning.rulefiles import read_rules
from kgtool.resources import packaged
from kgtool.store.folder import no_space

#: Files of an ontology folder that are kept beside the quads and are no part of the graph.
SHAPES = "shapes.ttl"
CONTEXT = "context.jsonld"
ERASURE = "erasure.ttl"
_KEPT_APART = {SHAPES, CONTEXT, ERASURE}


def sources_of_build(folders: Sequence[Path] | None, *, with_data: bool) -> tuple[Path, list[Source]]:
    """Say which ontology and which files a build reads.

    :param folders: the data; None for the packaged ones.
    :param with_data: otherwise the ontology alone.
    :returns: the ontology's folder, and the sources of ontology and data.
    :raises MissingError: for a folder that is not there.
    :raises InputError: if two folders bring an ontology, or a file of the same name.
    """
    chosen = [packaged("data")] if folders is None else list(folders)
    for folder in chosen:
        if not folder.is_dir():
            raise MissingError(f"no folder {folder}", hint="give a folder with RDF files")
    own = [folder / "ontology" for folder in chosen if (folder / "ontology").is_dir()]
    if len(own) > 1:
        raise InputError(f"both {own[0]} and {own[1]} bring an ontology", hint="keep one")
    ontology = own[0] if own else packaged("ontology")
    sources = ontology_sources(ontology)
    if with_data:
        for folder in chosen:
            sources += [s for s in sources_of_folder(folder) if s.path is None or ontology not in s.path.parents]
    _refuse_clashes(sources)
    return ontology, sources


def ontology_sources(ontology: Path) -> list[Source]:
    """Give the sources of an ontology folder: its RDF files, less shapes, context and what is kept for erasure."""
    return [
        source
        for source in sources_of_folder(ontology, name_from=ontology.parent)
        if source.path is None or source.path.name not in _KEPT_APART
    ]


def check_ontology(ontology: Path) -> None:
    """Read what a store would keep of an ontology, so that what is wrong is said of the user's own files.

    :raises ParseError: naming file and line.
    :raises InputError: if the rules are not stratified, or the shapes are none.
    """
    program_of(Axioms(()), read_rules(ontology / "rules"))
    read_questions(ontology / QUESTIONS)
    read_questions(ontology / VIEWS)
    if (ontology / SHAPES).is_file():
        from kgtool.validate.shapes import read_shapes  # slow to import, see kgtool.validate

        read_shapes(ontology / SHAPES)


def keep_ontology(ontology: Path, generation: Path) -> None:
    """Copy what a store keeps of its ontology: rules, shapes, context, questions, views, what goes with a person."""
    with no_space(generation):
        for name in _KEPT_APART:
            if (ontology / name).is_file():
                (generation / "ontology").mkdir(exist_ok=True)
                shutil.copyfile(ontology / name, generation / "ontology" / name)
        for name in ("rules", QUESTIONS, VIEWS):
            if (ontology / name).is_dir():
                shutil.copytree(ontology / name, generation / "ontology" / name)


def _refuse_clashes(sources: Sequence[Source]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        other = seen.setdefault(source.graph.value, source.name)
        if other != source.name:
            raise InputError(
                f"{other} and {source.name} would both go to <{source.graph.value}>", hint="rename one of them"
            )


def read_context(ontology: Path) -> dict[str, object] | None:
    """Read the JSON-LD context that a store keeps; None when it keeps none."""
    file = ontology / CONTEXT
    return json.loads(file.read_text("utf-8")) if file.is_file() else None
