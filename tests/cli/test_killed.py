"""A process that is ended without a chance to tidy up: what it was loading is there as a whole, or not at all."""

from __future__ import annotations

import random
import time

import pytest

from kgtool.graph import KnowledgeGraph

SIZE = 2000


def loaded(store) -> set[str]:
    """Give the graphs of the store; each has to hold all that its file had."""
    with KnowledgeGraph.open(store) as kg:
        sources = kg.stats()["sources"]
        assert isinstance(sources, list)
        assert {source["quads"] for source in sources} <= {SIZE}
        return {source["graph"] for source in sources}


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_loads_leave_whole_files_or_nothing(kgtool, write):
    chance = random.Random(20261123)
    write("0.nt", "".join(f"<urn:x:0/{n}> <urn:x:p> <urn:x:o{n}> .\n" for n in range(SIZE)))
    kgtool("load", "0.nt", "--engine", "none")
    seen = loaded(kgtool.store)
    for turn in range(1, 41):
        write(f"{turn}.nt", "".join(f"<urn:x:{turn}/{n}> <urn:x:p> <urn:x:o{n}> .\n" for n in range(SIZE)))
        loading = kgtool.start("load", f"{turn}.nt")
        time.sleep(chance.uniform(0.3, 1.2))
        loading.kill()
        loading.communicate()
        now = loaded(kgtool.store)
        assert now - seen <= {f"urn:kgtool:source:{turn}.nt"}
        assert seen <= now
        seen = now
    kgtool("load", "0.nt")
    assert 1 < len(seen) < 41, "the moments were all too early or all too late to try anything"
