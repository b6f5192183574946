"""Pages on disk: a note that is damaged, and a disk that takes no more."""

from __future__ import annotations

import resource
import signal

import pytest

from kgtool.ingest.web import Client, Shelf, harvest

from .server import Registry
from .solr import HAL, Solr, first, records


@pytest.mark.parametrize("noted", ['{"run": "1", "started": "soon"}', '{"run": "1", "started": null}', "[]", ""])
def test_a_damaged_note_begins_a_new_run(registry: Registry, client: Client, tmp_path, noted: str) -> None:
    solr = Solr(registry)
    records(client, registry, tmp_path)
    (run,) = tmp_path.glob("*/*/run.json")
    run.write_text(noted)
    assert records(client, registry, tmp_path) == solr.records


def test_a_page_that_cannot_be_kept_leaves_nothing_half(registry: Registry, client: Client, tmp_path) -> None:
    Solr(registry)
    pages = harvest(client, first(registry), HAL, shelf=Shelf(tmp_path, first(registry)))
    next(pages)
    (folder,) = tmp_path.glob("*/*")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            next(pages)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert {file.suffix for file in folder.iterdir()} == {".json", ".page"}
