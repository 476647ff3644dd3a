// The paper as a way in: every number and quotation leads to its evidence.
import { h } from "./dom.js";
import { address, head, missing } from "./parts.js";

export function paperView(evidence, wanted) {
  if (!evidence.paper.length) return missing("The paper has no text yet.");
  const at = wanted.get("at");
  const blocks = evidence.paper.map((block, place) => paperBlock(evidence, block, place, String(place) === at));
  const link = evidence.study.html && h("p", {}, h("a", { href: "../paper.html" }, "Open the paper itself"), ", or follow a number or a quotation here. ", h("a", { href: "../changes.html" }, "What changed"), " since the last release has a page of its own.");
  return h("article", { class: "paper narrow" }, head("Paper", evidence.study.title, link), blocks);
}

function paperBlock(evidence, block, place, here) {
  const attributes = { id: `block-${place}`, class: here ? "here" : null };
  if ("h" in block) return h(`h${Math.min(6, block.h + 1)}`, attributes, block.text);
  if ("quote" in block) return h("blockquote", attributes, quoteLine(block));
  if ("table" in block) return paperTable(block, attributes);
  return h("p", attributes, block.p.map(run));
}

function quoteLine(block) {
  return [block.p.map(run), " ", h("a", { class: "to-evidence", href: address("excerpt", block.quote) }, "Show where this stands")];
}

export function run(piece) {
  if (typeof piece === "string") return piece;
  const [text, kind, id] = piece;
  return h("a", { class: `run-${kind}`, href: address(kind === "fact" ? "fact" : "excerpt", id) }, text);
}

function paperTable(block, attributes) {
  const rows = block.rows.map((cells, row) => h("tr", {}, cells.map((cell, column) =>
    h(row < block.head ? "th" : "td", { scope: row < block.head ? "col" : null }, cell.length ? cell.map(run) : column === 0 ? " " : ""))));
  return h("figure", { ...attributes, class: `${attributes.class ?? ""} paper-table` },
    h("figcaption", {}, h("strong", {}, block.table, ". "), block.caption.map(run)),
    h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": block.table },
      h("table", {}, h("thead", {}, rows.slice(0, block.head)), h("tbody", {}, rows.slice(block.head)))));
}

// where in the paper a fact or quotation stands: the sentence around it, and the way back
export function inPaper(evidence, kind, id) {
  const places = evidence.places(kind, id);
  if (!places.length) return h("p", { class: "soft" }, "The paper does not print it.");
  return h("ul", { class: "plain places" }, places.map((place) => {
    const block = evidence.paper[place];
    return h("li", {},
      h("p", { class: "soft" }, sectionOf(evidence, place), block.table ? ` · ${block.table}` : ""),
      !block.table && h("p", { class: "context" }, context(block, kind, id)),
      h("p", {}, h("a", { href: address("paper", "", { at: place }) }, "Read it here"),
        evidence.study.html && [" · ", h("a", { href: `../paper.html#${anchor(evidence, place, kind, id)}` }, "Go back to the paper")]));
  }));
}

function anchor(evidence, place, kind, id) {
  const first = evidence.places(kind, id)[0] === place;
  if (first) return encodeURIComponent(`${kind}-${id}`);
  return encodeURIComponent(evidence.paper[place].id ?? sectionId(evidence, place));
}

function sectionId(evidence, place) {
  for (let at = place; at >= 0; at -= 1) if (evidence.paper[at].h) return evidence.paper[at].id;
  return "text";
}

function sectionOf(evidence, place) {
  const names = [];
  let level = 99;
  for (let at = place; at >= 0; at -= 1) {
    const block = evidence.paper[at];
    if (block.h && block.h < level) {
      names.unshift(block.text);
      level = block.h;
    }
  }
  return names.join(" › ");
}

// the sentence around a number: from the last full stop before it to the first after it
function context(block, kind, id) {
  const pieces = block.p;
  const at = pieces.findIndex((piece) => typeof piece !== "string" && piece[1] === kind && piece[2] === id);
  if (at < 0) return pieces.map((piece) => (typeof piece === "string" ? piece : piece[0]));
  const said = (list) => list.map((piece) => (typeof piece === "string" ? piece : piece[0])).join("");
  const before = said(pieces.slice(0, at)), after = said(pieces.slice(at + 1));
  const from = before.search(/[^.?!]*(?:[.?!](?!\s)[^.?!]*)*$/);
  const end = after.search(/[.?!](?=\s|$)/);
  return [before.slice(Math.max(0, from)).trimStart(), h("mark", {}, pieces[at][0]), end < 0 ? after : after.slice(0, end + 1)];
}
