"""The writer's side of a change: one that was called back is not done, and a full queue is said to be one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.web.conftest import TOKEN, Server

BEARER = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
#: Looks at every pair of a thousand nodes, and again, which takes longer than anybody waits.
SLOW = """
    INSERT { ?a <urn:never> 1 }
    WHERE { ?a <urn:number> ?x . ?b <urn:number> ?y . ?c <urn:number> ?z FILTER(?x > ?y + ?z) }
"""


def test_a_change_whose_turn_does_not_come_is_not_made_later(own_store: Path, serve: Callable) -> None:
    """Changes wait as long as a query may take; who is told that theirs was not made must be able to believe it."""
    with serve(own_store, KGTOOL_WRITE_TOKEN=TOKEN, KGTOOL_QUERY_TIMEOUT="3") as server:
        slow: list[int] = []

        def hold(server: Server = server) -> None:
            slow.append(server("POST", "/sparql", SLOW, BEARER).status)

        threads = [threading.Thread(target=hold) for _ in range(3)]
        for thread in threads:
            thread.start()
            time.sleep(0.2)
        late = server("POST", "/sparql", "INSERT DATA { <urn:late> <urn:p> 1 }", BEARER)
        for thread in threads:
            thread.join()
        assert late.status == 503
        assert late["Retry-After"]
        assert set(slow) <= {503, 504}
        assert server("POST", "/sparql", "INSERT DATA { <urn:after> <urn:p> 1 }", BEARER).status == 200
        assert json.loads(server.query("ASK { <urn:late> ?p ?o }").body)["boolean"] is False
        assert json.loads(server.query("ASK { ?s <urn:never> ?o }").body)["boolean"] is False
