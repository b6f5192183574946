"""The region as its hand-written files have it: those of registries have more facts, not more kinds of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from kgtool import KnowledgeGraph
from kgtool.resources import packaged


def build_hand_written(folder: Path) -> Path:
    """Build the graph of the hand-written files in a folder, and give the store."""
    (folder / "data").mkdir()
    for file in packaged("data").glob("*.ttl"):
        shutil.copy(file, folder / "data")
    KnowledgeGraph.build(folder / "store", [folder / "data"])
    return folder / "store"
