"""The commands backup, restore and check, with exit codes as the contract says; a full disk leaves nothing behind."""

from __future__ import annotations

import json
import resource
import signal

import pytest


def with_small_files(kgtool, size: int, *args: object) -> tuple[int, str]:
    """Run a command that may write files of so many bytes; give exit code and messages."""

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    process = kgtool.start(*args, preexec_fn=small_files_only)
    _, told = process.communicate(timeout=60)
    assert "Traceback" not in told.decode()
    return process.returncode, told.decode()


def entries(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_from_backup_to_restore(people):
    said = people.json("backup", "copy", "--json")
    assert set(said) == {"folder", "commit", "asserted", "inferred", "quads", "bytes", "shared"}
    assert said["commit"] == people.content()[0]
    before = people.content()
    people("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }")
    assert b"not empty" not in people("backup", "copy", code=2).stderr
    assert b"commit" in people("restore", "copy").stdout
    assert people.content() == before
    assert people.json("check", "--json")["inOrder"] is True
    assert people("--store", "copy", "check", "--upgrade", code=0).stdout.startswith(b"in order  yes")
    assert b"no store" in people("restore", "absent", code=2).stderr


def test_damage_beyond_repair_is_4_and_says_what_to_do(people):
    [notes] = (people.store / "generations").glob("*/kgtool.json")
    notes.unlink()
    assert b"restore a backup" in people("check", code=4).stderr
    people.store.joinpath("CURRENT").unlink()
    assert b"restore a backup" in people("check", "--json", code=4).stderr


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_disk_that_is_full_leaves_everything_as_it_was(people, command):
    people("backup", "copy", "--copy")
    before = entries(people.cwd), entries(people.store / "generations"), people.content()
    code, told = with_small_files(people, 500, command, "new" if command == "backup" else "copy")
    assert code == 4, told
    assert "no space" in told
    assert (entries(people.cwd), entries(people.store / "generations"), people.content()) == before
    if command == "restore":
        code, told = with_small_files(people, 500, "--store", "other", "restore", "copy")
        assert code == 4, told
        assert entries(people.cwd) == before[0]


def test_a_sealed_copy_tells_its_commit(people):
    people("backup", "copy")
    [seal] = (people.cwd / "copy" / "generations").glob("*/backup.json")
    assert json.loads(seal.read_text())["commit"] == people.content()[0]
