"""The metrics: what a scrape tells, across processes, and to whom."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from kgtool import __version__
from tests.web.conftest import ROOT
from tests.web.test_rate_limit import TOKEN, served


def values(text: str) -> dict[str, float]:
    """Give each sample by its name and labels, as Prometheus writes them."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def test_requests_are_counted_by_kind_and_status(small_store: Path) -> None:
    with served(small_store) as client:
        before = values(client.get("/metrics").text)
        client.get("/sparql?query=ASK{}")
        client.get("/sparql?query=nonsense")
        client.get("/graphs-that-are-none")
        client.post("/sparql", data={"update": "CLEAR ALL"})
        answer = client.get("/metrics")
        after = values(answer.text)
    assert answer.content_type.startswith("text/plain; version=0.0.4")

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more("kgtool_http_requests_total{kind=query,status=2xx}") == 1
    assert more("kgtool_http_requests_total{kind=query,status=4xx}") == 1
    assert more("kgtool_http_requests_total{kind=update,status=4xx}") == 1
    assert more("kgtool_http_requests_total{kind=other,status=4xx}") == 1
    assert more("kgtool_http_request_seconds_count{kind=query}") == 2
    assert more("kgtool_http_request_seconds_bucket{kind=query,le=+Inf}") == 2
    assert 0 < more("kgtool_http_request_seconds_sum{kind=query}") < 60


def test_the_store_is_measured(own_store: Path) -> None:
    with served(own_store) as client:
        told = values(client.get("/metrics").text)
        again = values(client.get("/metrics").text)
    assert told["kgtool_store_quads{}"] == 2 + 1 + 1 + 2000 + 2
    assert told["kgtool_store_inferred{}"] >= 1
    assert told["kgtool_store_bytes{}"] > 1000
    assert told["kgtool_store_commit{}"] == 1
    assert told[f"kgtool_build_info{{version={__version__}}}"] == 1
    assert told["kgtool_start_time_seconds{}"] == again["kgtool_start_time_seconds{}"] > 1.6e9


def test_the_metrics_can_be_kept_from_others(small_store: Path) -> None:
    with served(small_store, metrics="off") as client:
        assert client.get("/metrics").status_code == 404
    with served(small_store, metrics="token", metrics_token="for the scraper", write_token=TOKEN) as client:
        assert client.get("/metrics").status_code == 401
        for token, status in (("for the scraper", 200), (TOKEN, 403), ("", 401)):
            assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == status
    with served(small_store, metrics="token", write_token=TOKEN) as client:
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


PROCESSES = textwrap.dedent("""
    import os, sys, time
    from kgtool.web import metrics
    metrics.prepare()
    started = metrics.started()
    # More in the supervisor: what it has not passed on yet must not be counted again by its children.
    metrics.worker_killed("time")

    def front():
        for _ in range(1000):
            metrics.observe_request("query", 200, 0.003)
        metrics.observe_query("done", 0.003)
        metrics.queue_changed(3)
        metrics.workers_changed(2, 1, 5)
        metrics.worker_killed("time")
        metrics.worker_respawned()
        assert metrics.started() == started
        metrics.flush()

    def writer():
        metrics.observe_job("done", {"read": 0.5, "write": 0.25, "total": 9.0})
        metrics.observe_job("refused", {})
        metrics.observe_group(2, 0.125)
        metrics.lines_dropped(7)
        time.sleep(0.6)  # its own thread passes it on

    children = []
    for job in (front, front, writer):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                job()
                status = 0
            finally:
                os._exit(status)
        children.append(pid)
    for pid in children:
        assert os.waitpid(pid, 0)[1] == 0
    print(metrics.exposition().decode())
    print("---")
    for pid in children:
        metrics.process_died(pid)
    print(metrics.exposition().decode())
""")


def test_processes_of_a_service_are_told_as_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROCESSES],
        env={**os.environ, "PYTHONPATH": str(ROOT), "KGTOOL_RUNTIME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    alive, dead = map(values, done.stdout.split("---"))
    assert alive["kgtool_http_requests_total{kind=query,status=2xx}"] == 2000
    assert alive["kgtool_http_request_seconds_bucket{kind=query,le=0.0025}"] == 0
    assert alive["kgtool_http_request_seconds_bucket{kind=query,le=0.005}"] == 2000
    assert alive["kgtool_queries_total{outcome=done}"] == 2
    assert alive["kgtool_worker_kills_total{cause=time}"] == 3
    assert alive["kgtool_worker_respawns_total{}"] == 2
    assert alive["kgtool_writes_total{outcome=done}"] == alive["kgtool_writes_total{outcome=refused}"] == 1
    assert alive["kgtool_write_seconds_total{stage=read}"] == 0.5
    assert alive["kgtool_write_seconds_total{stage=sync}"] == 0.125
    assert "kgtool_write_seconds_total{stage=total}" not in alive
    assert alive["kgtool_write_group_size_sum{}"] == 2
    assert alive["kgtool_log_lines_dropped_total{}"] == 7
    assert alive["kgtool_queries_waiting{}"] == 6
    assert alive["kgtool_query_workers{state=busy}"] == 4
    assert dead.get("kgtool_queries_waiting{}", 0) == 0
    assert dead.get("kgtool_query_workers{state=busy}", 0) == 0
    assert dead["kgtool_http_requests_total{kind=query,status=2xx}"] == 2000
