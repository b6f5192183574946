// What every page has: the choice of colours, and suggestions in its search.
import { find } from "../shared/dom";
import { suggest } from "../shared/suggest";

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];
const symbols: Record<Theme, string> = { auto: "◐", light: "☀", dark: "☾" };

function kept(): Theme {
  const value = localStorage.getItem("theme");
  return themes.find((theme) => theme === value) ?? "auto";
}

function wear(theme: Theme, button: HTMLButtonElement): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  button.textContent = symbols[theme];
  const said = button.dataset[theme] ?? "";
  button.title = said;
  button.setAttribute("aria-label", said);
}

const button = find<HTMLButtonElement>("#theme");
wear(kept(), button);
button.hidden = false;
button.addEventListener("click", () => {
  const next = themes[(themes.indexOf(kept()) + 1) % themes.length] ?? "auto";
  if (next === "auto") localStorage.removeItem("theme");
  else localStorage.setItem("theme", next);
  wear(next, button);
  document.dispatchEvent(new CustomEvent("themechange"));
});

suggest(find<HTMLInputElement>("#site-search"));
