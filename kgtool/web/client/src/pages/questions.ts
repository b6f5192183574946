// The list of questions: narrowed while somebody types, the words kept in the address.
import { debounced, find } from "../shared/dom";
import { holds } from "../shared/folding";
import { number, t } from "../shared/words";

const field = document.querySelector<HTMLInputElement>("#sought");

if (field) {
  const cards = [...document.querySelectorAll<HTMLElement>(".questions > li")];
  const nothing = find("#nothing");
  const count = find("#number");
  const texts = cards.map((card) => `${card.dataset.name} ${card.textContent}`);

  const narrow = () => {
    let found = 0;
    cards.forEach((card, place) => {
      card.hidden = !holds(texts[place] ?? "", field.value);
      if (!card.hidden) found += 1;
    });
    nothing.hidden = found > 0;
    count.textContent = found === 1 ? t("1 question") : t("{n} questions", { n: number(found) });
    const address = new URL(location.href);
    if (field.value.trim()) address.searchParams.set("q", field.value.trim());
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  };
  field.addEventListener("input", debounced(100, narrow));
  field.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    narrow();
  });
}
