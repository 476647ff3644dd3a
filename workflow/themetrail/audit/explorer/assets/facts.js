// Numbers: what each says, how it was made, and what it rests on.
import { announce, h, many } from "./dom.js";
import { address, definitions, factLink, head, linkWords, missing } from "./parts.js";
import { inPaper } from "./paper.js";
import { STATES } from "./data.js";
import { selected, summary } from "./excerpts.js";
import { virtualList } from "./list.js";

export function factsView(evidence, wanted, go) {
  const words = h("input", { type: "search", id: "fact-words", value: wanted.get("q") ?? "", autocomplete: "off" });
  const only = h("input", { type: "checkbox", id: "fact-used", checked: wanted.get("used") !== "no" });
  const results = h("div", {});
  const draw = () => {
    const wantedWords = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const rows = evidence.facts.filter((fact) => (!only.checked || evidence.places("fact", fact.id).length) && says(fact, wantedWords));
    const count = h("p", { class: "count" }, many(rows.length, "number", "numbers"));
    results.replaceChildren(count, virtualList("Numbers", rows, 84, factLink));
    announce(count.textContent);
    go.keep(address("facts", "", { q: words.value.trim(), used: only.checked ? "" : "no" }));
  };
  words.addEventListener("input", draw);
  only.addEventListener("change", draw);
  draw();
  return [head("Facts", "Every number that the paper may use"),
    h("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
      h("p", { class: "field wide" }, h("label", { for: "fact-words" }, "Words or id"), words),
      h("p", { class: "field check" }, only, h("label", { for: "fact-used" }, "Only those that the paper prints"))),
    results];
}

export function says(fact, words) {
  const text = `${fact.id} ${fact.text} ${fact.definition}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function factView(evidence, id) {
  const fact = evidence.factOf.get(id);
  if (!fact) return missing(`There is no fact “${id}” in this study now. The paper that led here may be of another run.`);
  const row = Object.entries(fact.row);
  const source = row.length
    ? [h("code", {}, fact.file), h("ul", { class: "plain keys" }, row.map(([name, value]) => h("li", {}, h("code", {}, `${name} = ${value}`))))]
    : h("code", {}, fact.file);
  return h("article", { class: "narrow" },
    head(h("a", { href: "#facts" }, "Fact"), fact.text, h("p", { class: "lead" }, fact.definition)),
    fact.reason && h("p", { class: "plain-message" }, `Why there is no value: ${fact.reason}`),
    definitions([["Name", h("code", {}, fact.id)], ["How it is made", fact.rule], ["Read from", source], ["Counted in", fact.unit]]),
    h("h2", {}, "In the paper"), inPaper(evidence, "fact", id),
    h("h2", {}, "What it rests on"), restsOn(evidence, fact));
}

function restsOn(evidence, fact) {
  if (!fact.evidence.length) return h("p", {}, "A choice of the study or a property of the whole material; no single passage stands behind it.");
  return fact.evidence.map((link) => oneLink(evidence, link));
}

function oneLink(evidence, link) {
  const { view, ...filters } = link;
  const about = linkWords(evidence, link);
  const named = [
    link.theme && h("li", {}, h("a", { href: address("theme", link.theme) }, `Theme ${link.theme}: ${evidence.themeOf.get(link.theme).title}`)),
    link.code && h("li", {}, h("a", { href: address("code", link.code) }, `Code: ${evidence.label(link.code)}`)),
  ];
  if (view === "quotes" || !evidence.team) {
    const quotes = evidence.quotes.filter((quote) => (!link.theme || quote.theme === link.theme) && (!link.code || quote.codes.includes(link.code)));
    const wanted = (link.theme || link.code || view === "quotes") && quotes.length > 0;
    return h("section", {}, h("ul", { class: "plain" }, named,
      wanted && h("li", {}, h("a", { href: address("quotes", "", { theme: link.theme, code: link.code }) }, many(quotes.length, "quotation in the paper", "quotations in the paper")))),
      !evidence.team && h("p", { class: "soft" }, "Passages that the paper does not quote are with the study team."));
  }
  const item = h("li", {}, h("a", { href: address(view, "", filters) }, view === "transcripts" ? "The transcripts" : "The passages", about && `: ${about}`));
  if (view === "excerpts") countInto(evidence, filters, item);
  return h("ul", { class: "plain" }, named, item);
}

// how many passages those are; of a study in files that would open every one of them unasked
async function countInto(evidence, filters, item) {
  const sites = filters.site ? [filters.site] : evidence.sites.map((site) => site.id);
  if (evidence.files && sites.length > 1) return;
  const found = { people: new Set(), sites: new Set(), count: 0 };
  const count = (row) => {
    found.count += 1;
    found.people.add(row.person);
    found.sites.add(row.site);
  };
  await evidence.each(sites, (site) => selected(evidence, { state: "kept", ...filters }, site).forEach(count));
  item.append(h("span", { class: "soft" }, ` – ${summary(found)}${filters.state ? ` (${STATES[filters.state].label.toLowerCase()})` : ""}`));
}
