"""``/links`` in Chromium, as somebody who looks after the graph uses it: what is decided there, and what stays."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.link.entities.links import link_id
from kgtool.vocabulary import ID_BASE, PREFIXES
from tests.link.registries import HERE, REGION, ROR, make_store
from tests.web.conftest import TOKEN, Server, serving

CLIENTS = Path(__file__).resolve().parent
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(
    not CHROMIUM or not shutil.which("node") or not (CLIENTS / "node_modules" / "playwright-core").is_dir(),
    reason="left out: no Chromium, or no playwright-core (npm ci --prefix tests/clients)",
)

HOSTILE = """
<here/evil> a kg:University ; rdfs:label "Evil <script>alert(1)</script>"@en, "\\"><img src=x onerror=alert(1)>"@fr .
<ror/0000hosti> a kg:University ; rdfs:label "Evil <script>alert(1)</script>"@en ;
    skos:altLabel "'-alert(1)-'", "javascript:alert(1)", "\u202eelliL ed UHC" .
"""
CHU = link_id(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")
UNIV = link_id(f"{HERE}univ", f"{ID_BASE}ror/0000lille")
SAME = f"SELECT ?s ?o {{ ?s <{PREFIXES['owl']}sameAs> ?o FILTER(STRSTARTS(STR(?s), '{HERE}')) }}"


@dataclass(frozen=True)
class Words:
    """What the page says in a language."""

    title: str
    accept: str
    reject: str
    withdraw: str
    accepted: str
    rejected: str
    status: str


WORDS = {
    "en": Words("Links to registries", "Accept", "Reject", "Withdraw", "accepted", "rejected", "chosen, organisation"),
    "fr": Words(
        "Liens vers les répertoires", "Accepter", "Rejeter", "Revenir en arrière", "accepté", "rejeté",
        "retenu, organisation",
    ),
}  # fmt: skip


def browse(*steps: tuple[str, ...]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(CLIENTS / "browser.mjs"), str(CHROMIUM)],
        input=json.dumps(steps), capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def decide(id: str, decision: str, why: str = "") -> list[tuple[str, ...]]:
    form = f"[id='{id}'] form"
    return [
        ("fill", f"{form} input[name=why]", why),
        ("click", f"{form} button[value={decision}]"),
        ("told", f"{form} output"),
    ]


def same_as(server: Server) -> set[tuple[str, str]]:
    found = json.loads(server.query(SAME, "application/sparql-results+json").body)["results"]["bindings"]
    return {(row["s"]["value"], row["o"]["value"]) for row in found}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_looks_after_the_graph_decides_on_the_page_and_it_stays(tmp_path: Path, language: str) -> None:
    words = WORDS[language]
    store = make_store(tmp_path / "store", {"region": REGION + HOSTILE, "ror": ROR})
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
    page = f"/links?status=all&lang={language}"
    settings = {"KGTOOL_QUERY_WORKERS": "1", "KGTOOL_WRITE_TOKEN": TOKEN}

    with serving(store, tmp_path / "first.log", **settings) as server:
        seen = browse(
            ("goto", server.url + page),
            ("read", "h1"),
            ("read", f"[id='{CHU}'] button"),
            ("read", f"[id='{CHU}'] .about"),
            ("read", "main script, main img, main iframe"),
            ("read", "h2"),
            ("fill", "#by", "Documentation service"),
            ("fill", "#token", "not the token"),
            *decide(CHU, "accepted"),
            ("fill", "#token", TOKEN),
            *decide(CHU, "accepted", "=the same ROR"),
            *decide(UNIV, "rejected"),
            ("fill", f"[id='{UNIV}'] input[name=why]", "a faculty of it <b>only</b>"),
            ("press", f"[id='{UNIV}'] input[name=why]", "Enter"),
            *decide(UNIV, "rejected", "a faculty of it <b>only</b>"),
            ("goto", server.url + page),
            ("read", f"[id='{CHU}'] li"),
            ("read", f"[id='{UNIV}'] li"),
            ("read", f"[id='{CHU}'] button"),
        )
        title, buttons, about, foreign, headings, refused, accepted, no_reason, rejected, *after = seen["read"]
        assert (title, buttons) == ([words.title], [words.accept, words.reject])
        assert about[0].startswith(words.status)
        assert foreign == []
        assert any("<script>alert(1)</script>" in heading for heading in headings)
        assert "token" in refused[0]
        assert (accepted, rejected) == ([f"✓ {words.accepted}"], [f"✓ {words.rejected}"])
        assert "does not say why" in no_reason[0]
        assert any(f"{words.accepted}, Documentation service: =the same ROR" in line for line in after[0])
        assert any(f"{words.rejected}, Documentation service: a faculty of it <b>only</b>" in line for line in after[1])
        assert after[2] == [words.withdraw]
        harmless(seen, server, refusals=[403, 400])
        decisions = [each["decision"] for each in json.loads(server("GET", f"/links/{UNIV}").body)["reviews"]]
        assert decisions == ["rejected"]  # Enter accepted nothing
        assert same_as(server) == {(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")}

    with KnowledgeGraph.open(store, write=True) as graph:
        assert f"{HERE}univ" not in {link.subject for link in graph.link().links}
    with serving(store, tmp_path / "second.log", **settings) as server:
        again = browse(
            ("goto", server.url + page),
            ("read", f"[id='{CHU}'] button"),
            ("read", f"[id='{UNIV}'] .about"),
            ("goto", f"{server.url}/links?lang={language}"),
            ("read", "article"),
        )
        assert again["read"][0] == [words.withdraw]
        assert again["read"][1][0].startswith(words.rejected)
        assert not any("CHU de Lille" in article for article in again["read"][2])
        harmless(again, server, refusals=[])
        assert same_as(server) == {(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")}


def harmless(seen: dict[str, Any], server: Server, *, refusals: list[int]) -> None:
    """Nothing ran that the data hold or came from elsewhere, no token is kept, the console has the refusals alone."""
    assert (seen["errors"], seen["dialogs"]) == ([], [])
    assert seen["kept"][:3] == ["", 0, 0]
    assert TOKEN not in seen["kept"][3]
    assert seen["origins"] == [server.url]
    assert all("unsafe" not in policy and "default-src 'self'" in policy for policy in seen["policies"])
    told = [f"status of {status}" for status in refusals]
    said = [line for line in seen["console"] if not line.startswith("verbose:")]  # advice on forms with passwords
    assert len(said) == len(told), said
    assert all(expected in line for expected, line in zip(told, said, strict=True))
