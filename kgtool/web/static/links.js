// Sends decisions on links with the write token, which stays in its field: it is kept nowhere.
"use strict";

(() => {
  const reviewer = document.getElementById("reviewer");
  const by = document.getElementById("by");
  const token = document.getElementById("token");

  async function decide(form, button) {
    const place = form.querySelector("output");
    place.textContent = ""; // what was said of the last attempt is not said of this one
    const fields = { decision: button.value, by: by.value, why: form.elements.why.value };
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Authorization: "Bearer " + token.value, "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    const said = await answer.json();
    // Text from the server only ever becomes text.
    place.textContent = answer.ok ? "✓ " + button.dataset.done : [said.detail, said.hint].filter(Boolean).join("; ");
    if (answer.ok) for (const button of form.querySelectorAll("button")) button.disabled = true;
  }

  reviewer.hidden = false;
  reviewer.addEventListener("submit", (event) => event.preventDefault());
  for (const form of document.querySelectorAll("form.review")) {
    form.hidden = false;
    // Enter in the field of the reason decides nothing: only a button says which decision is meant.
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const button of form.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        decide(form, button).catch((error) => {
          form.querySelector("output").textContent = String(error);
        });
      });
    }
  }
})();
