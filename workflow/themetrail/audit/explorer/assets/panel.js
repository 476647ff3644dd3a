// One passage: the code's definition, who marked which words, the decision and its reason, and
// all that rests on it.
import { h, many } from "./dom.js";
import { MARK } from "./data.js";
import { address, codeTip, definitions, themeChip } from "./parts.js";
import { inPaper } from "./paper.js";
import { wordsOf } from "./excerpts.js";
import { decisionSentence, stateKind, stateWord } from "./words.js";

export function marksOf(passage) {
  return passage.transcript.marks.filter((mark) => mark[MARK.code] === passage.code && mark[MARK.start] < passage.end && mark[MARK.end] > passage.start);
}

export function passagePanel(evidence, passage) {
  const code = evidence.codeOf.get(passage.code);
  const label = (id) => evidence.label(id);
  return [
    h("p", { class: "kicker" }, `${passage.transcript.id}, turn ${passage.turn}`),
    h("h2", { id: "panel-title" }, h("a", { href: address("code", passage.code) }, label(passage.code))),
    code && h("div", { class: "definition" }, codeTip(code).slice(1)),
    h("blockquote", {}, wordsOf(passage)),
    h("p", {}, h("span", { class: `state state-${stateKind(passage)}` }, stateWord(passage)),
      passage.stance === "counter" && h("span", { class: "state state-counter" }, "flagged as speaking against")),
    h("p", {}, decisionSentence(passage, label)),
    passage.reason && h("figure", { class: "reason" }, h("blockquote", {}, passage.reason),
      h("figcaption", {}, [passage.by, passage.on].filter(Boolean).join(", "))),
    h("h3", {}, "Who marked what"), coderList(evidence, passage),
    h("h3", {}, "What rests on it"), resting(evidence, passage),
    definitions([["Name", passage.segment ? h("code", {}, passage.segment) : ""],
      ["Place", `characters ${passage.segStart ?? passage.start} to ${passage.segEnd ?? passage.end}`]]),
  ];
}

function coderList(evidence, passage) {
  const marks = marksOf(passage);
  const items = [...passage.marked, ...passage.unmarked].sort().map((coder) => {
    const own = marks.filter((mark) => mark[MARK.coder] === coder);
    return h("li", {}, h("p", {}, swatch(evidence, coder), h("strong", {}, coder), own.length ? "" : " did not mark it"), own.map((mark) => oneMark(passage, mark)));
  });
  return h("ul", { class: "plain who-marked" }, items);
}

function oneMark(passage, mark) {
  return h("div", { class: "mark" },
    h("q", {}, passage.transcript.text.slice(mark[MARK.start], mark[MARK.end])),
    mark[MARK.memo] && h("p", {}, h("em", {}, "Memo: "), mark[MARK.memo]),
    h("p", { class: "soft" }, `${mark[MARK.source]}, row ${mark[MARK.row]}`, mark[MARK.asCoded] && `, coded as ${mark[MARK.asCoded]}`));
}

export function swatch(evidence, coder) {
  return h("span", { class: `swatch lane-${laneOf(evidence, coder)}`, "aria-hidden": "true" });
}

export function laneOf(evidence, coder) {
  return Math.max(0, evidence.coders.indexOf(coder)) % 6;
}

function resting(evidence, passage) {
  if (passage.outcome !== "keep") return h("p", {}, "Nothing: it was not kept under this code.", passage.newCode && [" Its marks count as ", h("a", { href: address("code", passage.newCode) }, evidence.label(passage.newCode)), "."]);
  const themes = evidence.themesOfCode.get(passage.code) ?? [];
  const quotes = evidence.quotesOf.get(passage.segment) ?? [];
  const facts = evidence.facts.filter((fact) => evidence.places("fact", fact.id).length && fact.evidence.some((link) => counts(evidence, link, passage)));
  const numbers = h("ul", { class: "plain resting" }, facts.map((fact) =>
    h("li", {}, h("a", { href: address("fact", fact.id) }, h("strong", {}, fact.text), " ", fact.definition))));
  return [
    h("p", {}, themes.length ? themes.map((theme) => [themeChip(theme), " "]) : "No theme has this code."),
    quotes.length > 0 && [h("h4", {}, "Quoted in the paper"), quotes.map((quote) => quote.reason && h("p", { class: "soft" }, `Theme ${quote.theme}, quotation ${quote.rank}. Why this one: ${quote.reason}`)), inPaper(evidence, "quote", passage.segment)],
    facts.length > 0 && h("details", {}, h("summary", {}, `Counted in ${many(facts.length, "number", "numbers")} of the paper`), numbers),
  ];
}

// whether a fact's evidence takes in this passage: code or theme, site and group
function counts(evidence, link, passage) {
  if (link.view !== "excerpts" || !(link.code || link.theme)) return false;
  if (link.code && link.code !== passage.code) return false;
  if (link.theme && !evidence.codesOfTheme(link.theme).includes(passage.code)) return false;
  if (link.site && link.site !== passage.site) return false;
  if (!link.group) return true;
  const [name, value] = link.group.split(/=(.*)/s);
  return evidence.people.get(passage.person)?.[name] === value;
}
