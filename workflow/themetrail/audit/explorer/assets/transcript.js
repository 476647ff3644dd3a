// A transcript with every coder's marks side by side: a lane a coder under the words, and a table
// a turn that says the same without colour.
import { announce, h, many, withTip } from "./dom.js";
import { MARK } from "./data.js";
import { address, codeTip, definitions, head, missing } from "./parts.js";
import { attributeName, stateKind, stateWord } from "./words.js";
import { hrefOf } from "./excerpts.js";
import { laneOf, passagePanel, swatch } from "./panel.js";

export function transcriptView(evidence, transcript, wanted, chosen, go) {
  if (!transcript) return missing("There is no such transcript in this page.");
  const view = { evidence, transcript, go, chosen: null, hiddenCoders: new Set(), code: wanted.get("only") ?? "" };
  view.turns = transcript.turns.map((row) => ({ number: row[0], speaker: row[1], role: row[2], person: row[3], start: row[4], end: row[5] }));
  view.panel = h("aside", { class: "panel", "aria-labelledby": "panel-title", tabindex: "-1" });
  view.list = h("ol", { class: "turns plain" }, view.turns.map((turn) => turnItem(view, turn)));
  const page = h("div", { class: "transcript" },
    h("div", { class: "reading" }, header(view), toolbar(view),
      transcript.status === "ready" ? view.list : missing("The disclosure gate holds this transcript's text back.")), view.panel);
  emptyPanel(view);
  const place = wanted.get("at")?.match(/^(\d+)-(\d+)$/);
  const found = chosen ?? (place && transcript.decisions.find((p) => p.start === Number(place[1]) && p.end === Number(place[2]) && (!wanted.get("code") || p.code === wanted.get("code"))));
  const turn = found ? turnAt(view, found.segStart ?? found.start) : place ? turnAt(view, Number(place[1])) : view.turns.find((item) => item.number === Number(wanted.get("turn")));
  page.ready = () => {
    if (found) choose(view, found, { quiet: true });
    if (turn) byTurn(view, turn)?.scrollIntoView({ block: found ? "center" : "start" });
  };
  return page;
}

function turnAt(view, place) {
  return view.turns.find((turn) => place < turn.end) ?? view.turns.at(-1);
}

function byTurn(view, turn) {
  return view.list.querySelector(`[data-turn="${turn.number}"]`);
}

function header(view) {
  const { evidence, transcript } = view;
  const people = transcript.people.map((person) => [person, Object.entries(evidence.people.get(person) ?? {}).map(([name, value]) => `${attributeName(name)}: ${value}`).join(" · ")]);
  const site = evidence.siteOf.get(transcript.site)?.label ?? transcript.site;
  return [head([h("a", { href: address("transcripts", "", { site: transcript.site }) }, site), " · transcript"], transcript.id,
    people.map(([person, about]) => h("p", { class: "soft" }, people.length > 1 && h("strong", {}, `${person} `), about))),
    h("details", { class: "file" }, h("summary", {}, `${many(transcript.words, "word", "words")}, ${many(transcript.turns.length, "turn", "turns")}; the file`),
      definitions([["File", h("code", {}, transcript.file)], ["SHA-256", h("code", { class: "hash" }, transcript.sha256)], ["Held", [transcript.date, transcript.mode, transcript.minutes && many(Math.max(1, Math.round(transcript.minutes)), "minute", "minutes")].filter(Boolean).join(", ")],
        ["Interviewer", transcript.interviewer], ["Judged by", transcript.coders.join(", ")]]))];
}

function toolbar(view) {
  const { evidence, transcript } = view;
  const coders = h("fieldset", { class: "coders" }, h("legend", {}, "Coders"), transcript.coders.map((coder) =>
    h("label", {}, h("input", { type: "checkbox", checked: true, onchange: (event) => {
      view.hiddenCoders[event.target.checked ? "delete" : "add"](coder);
      paint(view);
    } }), swatch(evidence, coder), coder)));
  const codes = [...new Set(transcript.decisions.map((passage) => passage.code))].sort((a, b) => (evidence.label(a) < evidence.label(b) ? -1 : 1));
  const only = h("select", { id: "only-code", onchange: (event) => {
    view.code = event.target.value;
    paint(view);
  } }, h("option", { value: "" }, "All codes"), codes.map((code) => h("option", { value: code, selected: code === view.code }, evidence.label(code))));
  return h("div", { class: "toolbar" }, coders, h("p", { class: "field" }, h("label", { for: "only-code" }, "Show marks of"), only));
}

// ------------------------------------------------------------------ turns
function turnItem(view, turn) {
  const said = h("p", { class: "said" }, pieces(view, turn));
  const speaker = turn.speaker || (turn.role === "interviewer" ? "Interviewer" : "");
  return h("li", { class: `turn turn-${turn.role}`, "data-turn": turn.number, id: `turn-${turn.number}` },
    h("p", { class: "who" }, h("a", { href: address("transcript", view.transcript.id, { turn: turn.number }), "aria-label": `Turn ${turn.number}` }, turn.number), ` ${speaker}`),
    said, marksTable(view, turn));
}

function paint(view) {
  for (const turn of view.turns) {
    const item = byTurn(view, turn);
    if (!item) continue;
    item.querySelector(".said").replaceChildren(...pieces(view, turn));
    item.querySelector(".marks")?.replaceWith(marksTable(view, turn) ?? "");
  }
}

function shownMarks(view, turn) {
  const { chosen, code } = view;
  return view.transcript.marks.filter((mark) => mark[MARK.start] < turn.end && mark[MARK.end] > turn.start
    && !view.hiddenCoders.has(mark[MARK.coder]) && (!code || mark[MARK.code] === code)
    && (!chosen || chosen.end <= turn.start || chosen.start >= turn.end || mark[MARK.code] === chosen.code));
}

// the turn cut wherever a mark begins or ends, so that overlaps show as lanes one above the other
function pieces(view, turn) {
  const marks = shownMarks(view, turn);
  const { chosen, transcript } = view;
  const kept = chosen && { start: chosen.segStart ?? chosen.start, end: chosen.segEnd ?? chosen.end };
  const cuts = new Set([turn.start, turn.end]);
  const inside = (place) => Math.min(Math.max(place, turn.start), turn.end);
  for (const mark of marks) cuts.add(inside(mark[MARK.start])).add(inside(mark[MARK.end]));
  if (kept) cuts.add(inside(kept.start)).add(inside(kept.end));
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(1).map((end, at) => {
    const start = places[at];
    const text = transcript.text.slice(start, end);
    const here = marks.filter((mark) => mark[MARK.start] < end && mark[MARK.end] > start);
    const isKept = kept && kept.start < end && kept.end > start;
    if (!here.length && !isKept) return document.createTextNode(text);
    const lanes = new Set(here.map((mark) => laneOf(view.evidence, mark[MARK.coder])));
    const piece = h("span", { class: `piece ${isKept ? "piece-chosen" : ""}`, onclick: () => pick(view, here) }, text);
    for (const lane of lanes) piece.style.setProperty(`--lane-${lane}`, `var(--coder-${lane})`);
    return piece;
  });
}

// a click on words goes through the codes that stand there, one after the other
function pick(view, marks) {
  const found = view.transcript.decisions.filter((passage) => marks.some((mark) => mark[MARK.code] === passage.code && mark[MARK.start] < passage.end && mark[MARK.end] > passage.start));
  if (!found.length || String(getSelection())) return;
  const next = found[(found.indexOf(view.chosen) + 1) % found.length];
  choose(view, next, {});
}

function marksTable(view, turn) {
  const { evidence, transcript } = view;
  const rows = transcript.decisions.filter((passage) => turnAt(view, passage.start) === turn && (!view.code || passage.code === view.code));
  const outside = strays(view, turn);
  if (!rows.length && !outside.length) return null;
  const coders = transcript.coders.filter((coder) => !view.hiddenCoders.has(coder));
  return h("div", { class: "marks" }, h("table", {},
    h("caption", { class: "hidden" }, `Marks in turn ${turn.number}`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Code"), coders.map((coder) => h("th", { scope: "col", class: "coder" }, swatch(evidence, coder), h("span", { class: "coder-name" }, coder))), h("th", { scope: "col" }, "Decision"))),
    h("tbody", {}, rows.map((passage) => marksRow(view, passage, coders)), outside.map((code) => strayRow(view, turn, code, coders)))));
}

function marksRow(view, passage, coders) {
  const code = view.evidence.codeOf.get(passage.code);
  const button = h("button", { type: "button", class: "code-button", "aria-pressed": String(view.chosen === passage), onclick: () => choose(view, view.chosen === passage ? null : passage, { focus: true }) }, view.evidence.label(passage.code));
  return h("tr", { class: view.chosen === passage ? "chosen" : null },
    h("th", { scope: "row" }, code ? withTip(button, () => codeTip(code)) : button),
    coders.map((coder) => cell(view, passage, coder)),
    h("td", {}, h("span", { class: `state state-${stateKind(passage)}` }, stateWord(passage)), (view.evidence.quotesOf.get(passage.segment) ?? []).length > 0 && h("span", { class: "state state-quoted" }, "quoted")));
}

function cell(view, passage, coder) {
  const marked = passage.marked.includes(coder), judged = marked || passage.unmarked.includes(coder);
  const said = marked ? "marked" : judged ? "not marked" : "did not judge";
  return h("td", { class: `coder ${marked ? `marked lane-${laneOf(view.evidence, coder)}` : ""}` }, h("span", { "aria-hidden": "true" }, marked ? "●" : judged ? "–" : "·"), h("span", { class: "hidden" }, said));
}

// codes on what lies in no unit of analysis: said by an interviewer, for instance
function strays(view, turn) {
  const decided = view.transcript.decisions;
  const marks = view.transcript.marks.filter((mark) => turnAt(view, mark[MARK.start]) === turn
    && !decided.some((p) => p.code === mark[MARK.code] && mark[MARK.start] < p.end && mark[MARK.end] > p.start));
  return [...new Set(marks.map((mark) => mark[MARK.code]))].filter((code) => !view.code || code === view.code);
}

function strayRow(view, turn, code, coders) {
  const marked = new Set(shownMarks(view, turn).filter((mark) => mark[MARK.code] === code).map((mark) => mark[MARK.coder]));
  return h("tr", {}, h("th", { scope: "row" }, view.evidence.label(code)), coders.map((coder) => h("td", { class: "coder" }, marked.has(coder) ? "●" : "–")), h("td", {}, h("span", { class: "state state-dropped" }, "Not counted: in no unit of analysis")));
}

// ------------------------------------------------------------------ the panel
function choose(view, passage, { focus = false, quiet = false }) {
  const before = view.chosen;
  view.chosen = passage;
  paint(view);
  if (!passage) {
    emptyPanel(view);
    view.go.keep(address("transcript", view.transcript.id));
    if (before) byTurn(view, turnAt(view, before.start))?.querySelector(".code-button")?.focus();
    return;
  }
  const ordered = view.transcript.decisions;
  const at = ordered.indexOf(passage);
  const step = (by, label) => h("button", { type: "button", disabled: !ordered[at + by], onclick: () => {
    choose(view, ordered[at + by], { focus: true });
    byTurn(view, turnAt(view, ordered[at + by].start))?.scrollIntoView({ block: "center" });
  } }, label);
  view.panel.replaceChildren(h("div", { class: "panel-bar" }, step(-1, "Previous"), step(1, "Next"), copyButton(passage),
    h("button", { type: "button", onclick: () => choose(view, null, {}) }, "Close")), h("div", { class: "panel-body" }, passagePanel(view.evidence, passage)));
  view.panel.classList.add("open");
  view.panel.scrollTop = 0;
  if (!quiet) view.go.keep(hrefOf(passage));
  if (focus) view.panel.focus({ preventScroll: true });
  announce(`${view.evidence.label(passage.code)}: ${stateWord(passage)}`);
}

function copyButton(passage) {
  return h("button", { type: "button", onclick: async (event) => {
    const link = new URL(hrefOf(passage), location.href).href;
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = "Copied";
    } catch {
      prompt("Address of this passage", link);
    }
  } }, "Copy link");
}

function emptyPanel(view) {
  view.panel.classList.remove("open");
  view.panel.replaceChildren(h("h2", { id: "panel-title" }, "A passage"), h("p", {}, "Choose a code beside a turn, or click marked words: who marked what, what was decided and why, and what in the paper rests on it."),
    h("p", { class: "soft" }, "Under the words runs one line for each coder who marked them. ● marked, – judged and not marked, · did not judge this transcript."));
}
