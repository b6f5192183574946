"""Commands that are cut short: Ctrl-C, a full disk, another process in the store, no time, a reader who leaves."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

#: Asks for the triples that five unrelated patterns give together: hours of work on any store with some data.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(5)) + " }"
ENDLESS_GRAPH = (
    "CONSTRUCT { ?a0 ?b0 ?c0 } WHERE { "
    + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(5))
    + " FILTER(STR(?a0) = CONCAT(STR(?a1), STR(?a2))) }"
)
#: A chain so long that its closure keeps any engine busy for as long as these tests need.
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CHAIN = f"<urn:x:before> <{TYPE}> <http://www.w3.org/2002/07/owl#TransitiveProperty> .\n" + "".join(
    f"<urn:x:n{n}> <urn:x:before> <urn:x:n{n + 1}> .\n" for n in range(2500)
)


def interrupt(process: subprocess.Popen[bytes]) -> tuple[bytes, str]:
    """Press Ctrl-C."""
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    told = err.decode()
    assert process.returncode == 130, (process.returncode, told)
    assert "interrupted" in told
    assert "Traceback" not in told
    return out, told


def wait_until_it_worked(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until a command and its children have had so much time of a processor, on however busy a machine."""

    def spent(pid: int) -> float:
        try:
            clock = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            return 0.0
        return sum(map(int, clock)) / os.sysconf("SC_CLK_TCK") + sum(spent(int(child)) for child in children)

    deadline = time.monotonic() + 60
    while process.poll() is None and spent(process.pid) < seconds and time.monotonic() < deadline:
        time.sleep(0.05)


def site(people, code: str) -> dict[str, str]:
    """Let Python run some code before it runs kgtool; give the environment for that."""
    (people.cwd / "sitecustomize.py").write_text(code)
    return {"PYTHONPATH": os.pathsep.join((str(people.cwd), people.environment()["PYTHONPATH"]))}


PRESS_AT_IMPORT = """\
import os, signal, sys
class Presser:
    def find_spec(name, path=None, target=None):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Presser)
"""


@pytest.mark.parametrize(
    "module",
    [
        "kgtool.cli.commands", "click", "kgtool.cli.changing", "pyoxigraph", "rich.console",
        "kgtool.graph", "zstandard", "kgtool.store.oxigraph",
    ],
)  # fmt: skip
def test_ctrl_c_while_libraries_are_imported(people, module):
    before = people.content()
    env = site(people, PRESS_AT_IMPORT.format(module=module))
    done = people("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }", env=env, code=130)
    assert done.stderr.decode() == "kgtool: interrupted; the store holds its last commit\n"
    assert done.stdout == b""
    assert people.content() == before


def test_ctrl_c_when_the_command_is_over_changes_nothing(people):
    expected = people("stats").stdout
    env = site(people, "import atexit, os, signal\natexit.register(os.kill, os.getpid(), signal.SIGINT)\n")
    done = people("stats", env=env)
    assert (done.stdout, done.stderr) == (expected, b"")
    people("query", "ASK { <urn:x:absent> ?p ?o }", env=env, code=1)


def test_ctrl_c_is_not_for_a_job_in_the_background(people):
    env = site(people, PRESS_AT_IMPORT.format(module="kgtool.graph"))
    background = subprocess.run(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *people.command("query", "ASK { ?s ?p ?o }")],
        env=people.environment(env),
        capture_output=True,
        check=True,
    )
    assert (background.stdout, background.stderr) == (b"true\n", b"")


@pytest.mark.parametrize("args", [("stats",), ("query", "ASK {}"), ("load", "people.ttl", "--replace"), ("--help",)])
def test_closed_standard_output_is_told_before_anything_is_done(people, args):
    before = people.content()
    done = people.closing(">&-", *args)
    assert done.returncode == 2
    assert done.stderr == b"kgtool: standard output is closed; send it to a file, or to /dev/null\n"
    assert people.content() == before
    assert people.closing(">&- 2>&- <&-", *args).returncode == 2


def test_what_is_not_needed_may_be_closed(people):
    done = people.closing("<&- 2>&-", "load", "people.ttl", "--replace", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'"read": 9' in done.stdout
    assert people.closing("2>&-", "load", "absent.ttl").returncode == 2
    assert b"empty" in people.closing("<&-", "load", "-", "--format", "turtle").stderr


def test_ctrl_c_while_a_file_is_read(people):
    before = people.content()
    loading = people.start("load", "-", "--format", "ntriples")
    for n in range(20_000):  # more than any buffer holds, so it has begun to read
        loading.stdin.write(b"<urn:x:s%d> <urn:x:p> <urn:x:o> .\n" % n)
    loading.stdin.flush()
    interrupt(loading)
    assert people.content() == before


def test_ctrl_c_while_it_reasons(people, write):
    before = people.content()
    write("chain.nt", CHAIN)
    loading = people.start("load", "chain.nt")
    wait_until_it_worked(loading, 1.5)
    interrupt(loading)
    assert people.content() == before


def test_ctrl_c_while_a_store_is_built_keeps_the_old_one(people, write):
    before = people.content()
    write("slow/chain.nt", CHAIN)
    building = people.start("build", "slow")
    wait_until_it_worked(building, 1.5)
    interrupt(building)
    assert people.content() == before
    assert {path.name for path in people.cwd.iterdir()} == {"people.ttl", "slow", "store"}


@pytest.mark.parametrize("query", [ENDLESS, ENDLESS_GRAPH])
def test_ctrl_c_ends_a_query(region, query):
    asking = region.start("query", query)
    wait_until_it_worked(asking, 1.5)
    interrupt(asking)
    region("stats")


def test_an_update_out_of_time_is_ended_and_told(region):
    before = region.json("stats", "--json")
    update = ENDLESS_GRAPH.replace("CONSTRUCT", "INSERT")
    done = region(
        "update", update.replace("FILTER(STR(?a0) = CONCAT(STR(?a1), STR(?a2)))", ""), "--timeout", "1", code=3
    )
    assert "time" in done.stderr.decode()
    assert region.json("stats", "--json") == before


@pytest.mark.parametrize("query", [ENDLESS, ENDLESS_GRAPH])
def test_a_query_out_of_time_is_ended_and_told(region, query):
    done = region("query", query, "--timeout", "1", code=3)
    assert "--timeout" in done.stderr.decode()
    assert region("query", "ASK {}", "--timeout", "60").stdout == b"true\n"


def test_a_query_that_nests_too_deeply_is_told(people):
    done = people("query", "-", stdin="ASK " + "{" * 20_000 + "}" * 20_000, code=None)
    assert done.returncode in (2, 3)
    assert done.stderr


def test_a_reader_who_leaves_ends_an_export_quietly(region):
    exporting = region.start("export", "-f", "ntriples")
    exporting.stdout.read(10)
    exporting.stdout.close()
    assert exporting.stderr.read() == b""
    assert exporting.wait(60) == 141


def test_a_store_that_another_process_writes_to_names_it(people, write):
    write("good.ttl", "<urn:x:good> <urn:x:p> 1 .\n")
    other = people.start("load", "-", "--format", "ntriples")
    try:
        other.stdin.write(b"<urn:x:s> <urn:x:p> <urn:x:o> .\n" * 20_000)
        other.stdin.flush()
        for args in (
            ("load", "good.ttl"),
            ("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }"),
            ("build", "--no-data"),
        ):
            told = people(*args, code=4).stderr.decode()
            assert str(other.pid) in told, args
    finally:
        other.communicate(timeout=60)
    assert other.returncode == 0
    people("load", "good.ttl")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_beside_a_server_commands_read_and_do_not_write(people):
    port = free_port()
    server = people.start("serve", "--port", port)
    try:
        wait_until_ready(server, port)
        assert people("query", "ASK { ?s ?p ?o }").stdout == b"true\n"
        for args in (("stats",), ("export",), ("validate",), ("entails", "people.ttl")):
            people(*args)
        told = people("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }", code=4).stderr.decode()
        assert str(server.pid) in told
        told = people("serve", "--port", port, "--read-only", code=None)
        assert told.returncode in (2, 4), "the port is taken"
        assert str(port) in told.stderr.decode()
    finally:
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=60)
    assert b"Traceback" not in err
    people("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }")


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        assert server.poll() is None, server.communicate()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail("the server did not get ready")


def test_standard_output_on_a_full_disk_is_told(people):
    with Path("/dev/full").open("wb") as full:
        for args in (("export", "-f", "ntriples"), ("query", "SELECT * { ?s ?p ?o }"), ("stats",)):
            assert "no space" in people(*args, stdout=full, code=4).stderr.decode()


@pytest.fixture
def small_disk(tmp_path):
    """A disk with room for a small store and not for a large one; needs the right to mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("left out: mounting a small disk needs more rights than this process has")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_told_and_the_store_stays_as_it_was(people, small_disk, write):
    full = type(people)(small_disk / "store", people.cwd)
    full("load", "people.ttl", "--engine", "none")
    before = full.content()
    blob = "".join(f'<urn:x:s{n}> <urn:x:p> "{os.urandom(400).hex()}" .\n' for n in range(60_000))
    write("large.nt", blob)
    told = full("load", "large.nt", code=4).stderr.decode()
    assert str(small_disk) in told or "space" in told
    assert full.content() == before
    full("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }")


def test_an_export_that_does_not_fit_leaves_the_old_file(people):
    target = people.cwd / "all.nt"
    target.write_text("the old one")

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = people.start("export", "-o", "all.nt", preexec_fn=small_files_only)
    _, err = done.communicate(timeout=60)
    assert done.returncode == 4, err
    assert "no space" in err.decode()
    assert target.read_text() == "the old one"
    assert {path.name for path in people.cwd.iterdir()} == {"people.ttl", "store", "all.nt"}
