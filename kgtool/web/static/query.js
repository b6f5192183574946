// Runs the query form without leaving the page. Without this script the form opens the same result as a page of its own.
"use strict";

(() => {
  const form = document.getElementById("ask");
  const query = document.getElementById("query");
  const place = document.getElementById("results");
  let running = null;

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // Text from the data only ever becomes text: nothing here parses it as HTML.
  function cell(term) {
    const made = element("td");
    if (term === undefined) return made;
    if (term.type === "uri") {
      const web = /^https?:/i.test(term.value);
      made.append(web ? element("a", term.value, { href: local(term.value) }) : term.value);
    } else if (term.type === "bnode") {
      made.append("_:" + term.value);
    } else {
      const attributes = term["xml:lang"] ? { lang: term["xml:lang"] } : {};
      made.append(element("span", term.value, attributes));
    }
    return made;
  }

  function local(iri) {
    const base = place.dataset.base;
    return iri.startsWith(base) ? "/id/" + iri.slice(base.length).replace(/[?#]/g, encodeURIComponent) : iri;
  }

  function table(columns, rows) {
    const made = element("table");
    const head = made.createTHead().insertRow();
    for (const column of columns) head.append(element("th", column, { scope: "col" }));
    const body = made.createTBody();
    for (const row of rows) body.insertRow().append(...columns.map((column) => cell(row[column])));
    return made;
  }

  async function show(response) {
    const type = response.headers.get("Content-Type") || "";
    if (type.startsWith("application/sparql-results+json")) {
      const answer = await response.json();
      if ("boolean" in answer) return [element("p", String(answer.boolean), { class: "answer" })];
      const rows = answer.results.bindings;
      return [table(answer.head.vars, rows), element("p", `${rows.length} ${place.dataset.rows}`)];
    }
    if (type.startsWith("application/problem+json")) {
      const problem = await response.json();
      const where = problem.where ? `${problem.where}: ` : "";
      const lines = [`${problem.title}`, `${where}${problem.detail}`, problem.hint || ""];
      return [element("p", lines.filter(Boolean).join("\n"), { class: "problem" })];
    }
    return [element("pre", await response.text())];
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (running) running.abort();
    const own = (running = new AbortController());
    place.replaceChildren(element("p", place.dataset.running));
    const body = new URLSearchParams({ query: query.value, reasoning: form.elements.reasoning.value });
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/sparql-results+json, text/turtle" },
        body,
        signal: own.signal,
      });
      const shown = await show(response);
      if (running === own) place.replaceChildren(...shown);
    } catch (error) {
      if (running === own) place.replaceChildren(element("p", place.dataset.failed, { class: "problem" }));
    }
  });
})();
