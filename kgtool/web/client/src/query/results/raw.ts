// The answer as it came.
import { element } from "../../shared/dom";
import { number, t } from "../../shared/words";
import type { ResultView } from "./view";

/** Characters that are shown: browsers lay out long texts slowly. */
const MOST = 200_000;

/** As the service sent it; JSON is indented. */
export const rawView: ResultView = {
  name: "raw",
  label: t("Raw"),
  draw(place, answer) {
    const text = answer.text.length <= MOST ? indented(answer.text) : answer.text.slice(0, MOST);
    const shown = element("pre", { tabindex: 0, role: "region", "aria-label": t("The answer as it came") }, text);
    if (answer.text.length > MOST) {
      const counts = { shown: number(MOST), all: number(answer.text.length) };
      place.append(
        element("p", {}, t("The first {shown} of {all} characters; the downloads have all of them.", counts)),
      );
    }
    place.append(shown);
    return undefined;
  },
};

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
