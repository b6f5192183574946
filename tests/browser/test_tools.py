"""The tools that the editor has beside it: suggestions, questions, sharing, saved queries, code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import CLIENT, Watched
from tests.browser.running import run_python, run_shell

#: A page of the editor with the tools alone: an editor, and where each tool is.
TRIAL: Final = """
import Yasqe from "@zazuko/yasqe";
import { registerCompleters } from "./src/query/completing";
import { addQuestions } from "./src/query/questions";
import { addSharing } from "./src/query/sharing";
import { addSnippets } from "./src/query/snippets";

registerCompleters(Yasqe);
const main = document.querySelector("main");
main.replaceChildren(Object.assign(document.createElement("h1"), { textContent: "Query" }));
const place = (id) => {
  const made = document.createElement("div");
  made.id = id;
  main.append(made);
  return made;
};
addQuestions(place("questions"), (query, run) => {
  editor.setValue(query);
  main.dataset.run = String(run);
});
const editor = new Yasqe(place("editor"), { value: "", persistenceId: null, resizeable: false });
const current = () => ({ query: editor.getValue(), reasoning: false, view: "graph", timeout: 5 });
addSharing(place("sharing"), current);
addSnippets(place("snippets"), current);
window.editor = editor;
"""


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tools with an editor, built as one script."""
    file = tmp_path_factory.mktemp("tools") / "trial.js"
    build = [
        str(CLIENT / "node_modules" / ".bin" / "esbuild"),
        "--bundle",
        "--format=esm",
        "--loader=ts",
        f"--outfile={file}",
    ]
    subprocess.run(build, input=TRIAL.encode(), cwd=CLIENT, check=True, capture_output=True, timeout=120)
    return file


@pytest.fixture
def editor(browser_page: Watched, tools: Path) -> Watched:
    """A page with the editor and its tools in the place of what it shows."""
    page = browser_page.page
    styles = CLIENT / "node_modules" / "@zazuko" / "yasqe" / "build" / "yasqe.min.css"
    page.route("**/trial.js", _gives(tools, "text/javascript"))
    page.route("**/trial.css", _gives(styles, "text/css"))
    browser_page.goto("/ask")
    page.evaluate("""() => {
        const script = Object.assign(document.createElement("script"), { type: "module", src: "/trial.js" });
        const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/trial.css" });
        document.head.append(style, script);
    }""")
    with page.expect_response("**/query/vocabulary*"):
        page.wait_for_selector(".CodeMirror")
    return browser_page


def _gives(file: Path, content_type: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(path=file, content_type=content_type)


def _write(page: Page, text: str, typed: str) -> list[str]:
    """Put a text into the editor, type on at its end, and give what is suggested then."""
    page.keyboard.press("Escape")
    page.evaluate(
        "text => { editor.setValue(text); editor.getDoc().setCursor(editor.lastLine(), 9999); editor.focus(); }", text
    )
    page.keyboard.type(typed)
    page.wait_for_timeout(300)
    return page.locator(".CodeMirror-hint .term-name").all_inner_texts()


def test_the_editor_suggests_what_the_graph_has(editor: Watched, language: str) -> None:
    page = editor.page
    start = "SELECT * WHERE {\n  ?x a "
    assert _write(page, start, "cherch" if language == "fr" else "researcher") == ["kg:Researcher"]
    page.keyboard.press("Enter")
    text = page.evaluate("editor.getValue()")
    assert text.startswith("PREFIX kg: <https://w3id.org/kgtool/ontology#>")
    assert text.endswith("?x a kg:Researcher")
    assert page.locator(".CodeMirror-hint").count() == 0
    page.keyboard.type(" ; ")
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hint")
    assert "kg:affiliatedWith" in page.locator(".term-name").all_inner_texts()[:8]
    assert "100" in page.locator(".term-count").first.inner_text()
    assert "kg:Institution" in _write(page, "SELECT * { VALUES ?class { ", "kg:Inst")
    assert "<http://www.w3.org/ns/org#member>" in _write(page, "SELECT * { ?s ", "<http://www.w3.org/ns/org#mem")
    assert _write(page, "SELECT * { ?s ?p ", "lab") == []
    assert _write(page, "SELECT ", "lab") == []
    _write(page, "", "SELECT * { ?s skos:")
    assert page.evaluate("editor.getValue()").startswith("PREFIX skos: <http://www.w3.org/2004/02/skos/core#>")
    editor.is_quiet()


def test_a_question_fills_the_editor(editor: Watched, language: str) -> None:
    page = editor.page
    page.click("#questions summary")
    page.wait_for_selector(".choices button")
    page.fill("#sought-question", "affilie date" if language == "fr" else "affiliated institution")
    editor.has_no_violations("aria-required-children", "color-contrast", "label")  # of the editor alone
    page.locator(".choices button").first.click()
    page.fill("#questions [role=combobox]", "no such place")
    page.click("#questions button[value=put]")
    page.wait_for_selector("#questions .problem", state="visible")
    page.fill("#questions [role=combobox]", "coast")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.click("#questions button[value=put]")
    page.wait_for_selector("main [data-run], main[data-run='false']")
    assert f"<{'https://w3id.org/kgtool/id/coast/'}" in page.evaluate("editor.getValue()")
    editor.is_quiet(refusals=1)


@pytest.mark.journey
def test_a_query_is_shared_by_a_short_address(editor: Watched) -> None:
    page = editor.page
    query = "SELECT * { ?s ?p '<script>window.hurt = true</script>' }"
    page.evaluate("text => editor.setValue(text)", query)
    page.click("#sharing button >> nth=0")
    page.wait_for_selector("#shared-address", state="visible")
    address = page.input_value("#shared-address")
    assert re.fullmatch(re.escape(editor.server.url.rstrip("/")) + r"/q/[a-z2-7]{10}", address)
    editor.has_no_violations("aria-required-children", "color-contrast", "label")  # of the editor alone
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    answer = page.request.get(address, headers={"Accept": "application/json"}).json()
    assert (answer["query"], answer["reasoning"], answer["view"]) == (query, False, "graph")
    page.evaluate("editor.setValue('')")
    page.click("#sharing button >> nth=0")
    page.wait_for_selector("dialog .problem", state="visible")
    editor.is_quiet(refusals=1)


def test_this_browser_keeps_queries_under_names(editor: Watched) -> None:
    page = editor.page
    page.evaluate("editor.setValue('ASK { ?one ?two ?three }')")
    page.click("#sharing button >> nth=1")
    for name in ("<img src=x onerror='window.hurt = true'>", "second"):
        page.fill("#saved-name", name)
        page.keyboard.press("Enter")
    links = page.locator(".saved a")
    assert links.all_inner_texts() == ["second", "<img src=x onerror='window.hurt = true'>"]
    assert (links.first.get_attribute("href") or "").startswith("/query?query=ASK")
    assert "reasoning=off" in (links.first.get_attribute("href") or "")
    editor.has_no_violations("aria-required-children", "color-contrast", "label")  # of the editor alone
    page.click(".saved button >> nth=0")
    assert links.count() == 1
    page.keyboard.press("Escape")
    assert "(1)" in page.inner_text("#sharing button >> nth=1")
    editor.is_quiet()


def test_code_of_each_kind_of_query_runs(editor: Watched, language: str) -> None:
    if language == "fr":
        pytest.skip("code has no language")
    page = editor.page
    queries = {
        'ASK { ?s ?p "it\'s \\\\ \\"quoted\\"" }\n# it\'s a """ comment \'\'\' \\n': "false",
        "CONSTRUCT { <urn:x:a> <urn:x:b> '''c\n\"d\\\\''' } WHERE {}": "urn:x:a",
        'SELECT ("a\'b" AS ?x) {}': "a'b",
    }
    for query, expected in queries.items():
        page.evaluate("text => editor.setValue(text)", query)
        page.click("#snippets button")
        shell = page.inner_text("#snippet code")
        written = run_shell(shell)
        assert expected in written
        page.click("[role=tab]:has-text('Python')")
        code = page.inner_text("#snippet code")
        if "pandas" not in code:
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
            assert expected.lower() in done.stdout.lower()
        else:
            assert run_python(code) == [["x"], ["a'b"]]
        page.keyboard.press("Escape")
    editor.is_quiet()
