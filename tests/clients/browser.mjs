// Goes through a page in Chromium, step by step, and prints what was seen as JSON: node browser.mjs CHROMIUM < STEPS
// A step is ["goto", URL], ["fill", SELECTOR, TEXT], ["press", SELECTOR, KEY], ["click", SELECTOR], ["wait", SELECTOR],
// ["told", SELECTOR] (waits for text) or ["read", SELECTOR]; the last two give the texts of what they find.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const steps = JSON.parse(readFileSync(0, "utf-8"));
const seen = { read: [], console: [], errors: [], dialogs: [], policies: [], origins: [] };
const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });
const page = await browser.newPage();
page.setDefaultTimeout(30_000);
page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
page.on("pageerror", (error) => seen.errors.push(String(error)));
page.on("dialog", (dialog) => {
  seen.dialogs.push(dialog.message());
  return dialog.dismiss();
});
page.on("request", (request) => seen.origins.push(new URL(request.url()).origin));
page.on("response", (answer) => {
  if (answer.request().isNavigationRequest()) seen.policies.push(answer.headers()["content-security-policy"] || "");
});

const texts = (selector) => page.locator(selector).allInnerTexts();
for (const [what, target, more] of steps) {
  if (what === "goto") await page.goto(target);
  else if (what === "fill") await page.fill(target, more);
  else if (what === "press") await page.press(target, more);
  else if (what === "click") await page.click(target);
  else if (what === "wait") await page.waitForSelector(target, { state: "attached" });
  else if (what === "told") {
    await page.waitForFunction((one) => document.querySelector(one)?.textContent, target);
    seen.read.push(await texts(target));
  } else if (what === "read") seen.read.push(await texts(target));
  else throw new Error(`no step is called ${what}`);
}
seen.kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
seen.kept.push(await page.content());
await browser.close();
console.log(JSON.stringify({ ...seen, origins: [...new Set(seen.origins)] }));
