"""The start page: a question to ask at once, figures with the query behind them, for any graph."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from tests.web.conftest import Server
from tests.web.test_pages import Elements


def test_the_first_question_is_answered_as_its_form_sends_it(region: FlaskClient) -> None:
    page = Elements(region.get("/?lang=en").get_data(as_text=True))
    institutions = [attrs["value"] for tag, attrs in page.found if tag == "option"]
    (day,) = [attrs["value"] for tag, attrs in page.found if tag == "input" and attrs.get("type") == "date"]
    asked = {"institution": institutions[0], "date": day, "lang": "en"}
    answer = region.get("/ask/affiliated", query_string=asked, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "/page/" in answer.get_data(as_text=True) or "/id/" in answer.get_data(as_text=True)


def test_each_figure_leads_to_a_query_that_gives_it(region: FlaskClient) -> None:
    text = region.get("/?lang=en").get_data(as_text=True)
    cards = text.split('class="figure" href="')[1:]
    assert len(cards) > 5
    for card in cards:
        link, _, rest = card.partition('"')
        number = rest.partition(">")[2].partition("<")[0].replace(",", "")
        (query,) = parse_qs(urlsplit(unescape(link)).query)["query"]
        rows = region.post("/sparql", data={"query": query}).get_json(force=True)["results"]["bindings"]
        assert number in {row["things"]["value"] for row in rows}


def test_a_graph_without_our_classes_counts_its_own(small: Server) -> None:
    page = small("GET", "/", headers={"Accept": "text/html"})
    assert page.status == 200
    text = page.body.decode()
    assert "urn:Cat" in text
    assert "<select" not in text


def test_an_empty_graph_still_has_a_page(serve, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from kgtool.graph import KnowledgeGraph

    KnowledgeGraph.build(tmp_path / "store", with_data=False)
    with serve(tmp_path / "store") as server:
        assert server("GET", "/", headers={"Accept": "text/html", "Accept-Language": "fr"}).status == 200


def test_the_first_of_a_month_is_written_as_french_does(region: FlaskClient) -> None:
    assert "1er septembre 2022" in region.get("/explore?date=2022-09-01&lang=fr").get_data(as_text=True)
    assert "September 1, 2022" in region.get("/explore?date=2022-09-01&lang=en").get_data(as_text=True)
    assert "21 septembre 2022" in region.get("/explore?date=2022-09-21&lang=fr").get_data(as_text=True)
