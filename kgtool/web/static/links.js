// Sends decisions on links with the write token, which stays in its field: it is kept nowhere.
"use strict";

(() => {
  const reviewer = document.getElementById("reviewer");
  const by = document.getElementById("by");
  const token = document.getElementById("token");

  async function decide(form, decision) {
    const place = form.querySelector("output");
    const fields = { decision, by: by.value, why: form.elements.why.value };
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Authorization: "Bearer " + token.value, "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    const said = await answer.json();
    // Text from the server only ever becomes text.
    place.textContent = answer.ok ? "✓ " + decision : [said.detail, said.hint].filter(Boolean).join("; ");
    if (answer.ok) for (const button of form.querySelectorAll("button")) button.disabled = true;
  }

  reviewer.hidden = false;
  reviewer.addEventListener("submit", (event) => event.preventDefault());
  for (const form of document.querySelectorAll("form.review")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      decide(form, event.submitter.value).catch((error) => {
        form.querySelector("output").textContent = String(error);
      });
    });
  }
})();
