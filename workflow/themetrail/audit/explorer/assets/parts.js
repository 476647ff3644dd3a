// Pieces that several views share: addresses, chips, headings, lists of facts.
import { h, withTip } from "./dom.js";

export function address(view, value = "", more = {}) {
  const parts = [value === "" ? view : `${view}=${encodeURIComponent(value)}`];
  for (const [name, given] of Object.entries(more)) {
    if (given !== "" && given !== null && given !== undefined) parts.push(`${name}=${encodeURIComponent(given)}`);
  }
  return `#${parts.join("&")}`;
}

export function codeChip(evidence, id) {
  const code = evidence.codeOf.get(id);
  const chip = h("a", { class: "chip", href: address("code", id) }, code?.label ?? id);
  return code ? withTip(chip, () => codeTip(code)) : chip;
}

export function codeTip(code) {
  return [
    h("strong", {}, code.label),
    code.definition && h("span", { class: "tip-line" }, code.definition),
    code.apply && h("span", { class: "tip-line" }, h("em", {}, "Apply: "), code.apply),
    code.not && h("span", { class: "tip-line" }, h("em", {}, "Not: "), code.not),
  ];
}

export function themeChip(theme) {
  const chip = h("a", { class: "chip chip-theme", href: address("theme", theme.id) }, `${theme.id} `, h("span", {}, theme.title));
  return theme.claim ? withTip(chip, () => [h("strong", {}, theme.title), h("span", { class: "tip-line" }, theme.claim)]) : chip;
}

export function head(kicker, title, ...under) {
  return h("div", { class: "head" }, kicker && h("p", { class: "kicker" }, kicker), h("h1", {}, title), under);
}

export function definitions(pairs) {
  const kept = pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return h("dl", { class: "pairs" }, kept.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export function missing(what) {
  return h("p", { class: "plain-message" }, what);
}

export function factLink(fact) {
  return h("a", { class: "fact-row", href: address("fact", fact.id) },
    h("span", { class: "fact-text" }, fact.text),
    h("span", { class: "fact-says" }, h("span", {}, fact.definition), h("code", {}, fact.id)));
}

export function linkWords(evidence, link) {
  const words = [];
  if (link.theme) words.push(`theme ${link.theme}`);
  if (link.code) words.push(`code “${evidence.label(link.code)}”`);
  if (link.site) words.push(evidence.siteOf.get(link.site)?.label ?? link.site);
  if (link.group) words.push(link.group.replace("=", ": ").replaceAll("_", " "));
  if (link.coder) words.push(`coder ${link.coder}`);
  return words.join(", ");
}
