// One disagreement after the other: the words, who marked them, the definition, a decision.
import { announce, byId, h, many } from "./dom.js";
import { readBlock } from "./blocks.js";
import { Text } from "./data.js";
import { adjudicationsCsv, download } from "./csv.js";
import { Store } from "./store.js";

const LISTS = { conflicts: "Disagreements", boundaries: "Boundaries" };
const DECISIONS = { keep: "Keep", drop: "Drop", change: "Change" };
const EXTENTS = { union: "all that any coder marked", intersection: "the longest stretch that all marked", longest: "the longest stretch of one coder" };
const page = {};

async function begin() {
  const opening = await readBlock("opening");
  Object.assign(page, { codes: new Map(opening.codes.map((code) => [code.id, code])), sites: new Map(opening.sites.map((site) => [site.id, site.label])),
    existing: await readBlock("existing"), conflicts: await readBlock("conflicts"), boundaries: await readBlock("boundaries"),
    store: new Store(opening.study), list: opening.list, extent: opening.extent, at: 0, site: "", code: "", open: false });
  page.all = [...page.conflicts, ...page.boundaries];
  page.forgotten = page.store.forget(new Set(page.all.map((item) => item.key)));
  drawOptions();
  page.at = Math.max(0, items().findIndex((item) => !decisionOf(item)));
  draw();
  document.addEventListener("keydown", shortcut);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
}

function decisionOf(item) {
  return page.store.decisions[item.key];
}

function items() {
  return page[page.list].filter((item) => (!page.site || item.site === page.site) && (!page.code || item.code === page.code) && (!page.open || !decisionOf(item) || item.key === page.showing));
}

// ------------------------------------------------------------------ the frame
function drawOptions() {
  const check = (name, label) => h("label", {}, h("input", { type: "checkbox", checked: page.store[name], onchange: (event) => {
    page.store[name] = event.target.checked;
    page.store.write();
    draw();
  } }), ` ${label}`);
  byId("options").replaceChildren(check("blind", "Hide coders' names"), check("keys", "Single-key shortcuts"));
}

function drawProgress() {
  const all = page[page.list];
  const done = all.filter(decisionOf).length;
  const bar = h("progress", { max: Math.max(1, all.length), "aria-label": "Decided" });
  bar.value = done;
  byId("progress").replaceChildren(bar, h("p", {}, `${done} of ${all.length} decided`, !page.store.kept && h("strong", {}, " – this browser keeps nothing: save before you close the page")));
}

function draw(focus = "") {
  const list = items();
  page.at = Math.min(Math.max(0, page.at), Math.max(0, list.length - 1));
  const item = list[page.at];
  page.showing = item?.key;
  drawProgress();
  byId("main").replaceChildren(...[tabs(), filters(), item ? itemView(item, list) : nothing(), saving()].flat());
  if (focus) byId(focus)?.focus();
}

function nothing() {
  const all = page[page.list].length;
  return h("div", { class: "done" }, h("h1", { id: "item", tabindex: "-1" }, all ? "Nothing left here" : `No ${LISTS[page.list].toLowerCase()} to decide`),
    h("p", {}, all ? "All that the filters let through is decided. Save below." : page.list === "conflicts" ? "Coders agree, or what they differed on is adjudicated." : "Coders marked the same words wherever they agree."));
}

function tabs() {
  return h("div", { class: "tabs", role: "group", "aria-label": "What to decide" }, Object.entries(LISTS).map(([name, label]) =>
    h("button", { type: "button", "aria-pressed": String(page.list === name), onclick: () => {
      Object.assign(page, { list: name, at: 0 });
      draw("item");
    } }, `${label} (${page[name].filter((item) => !decisionOf(item)).length} open of ${page[name].length})`)));
}

function filters() {
  const choice = (name, label, options) => h("p", { class: "field" }, h("label", { for: `filter-${name}` }, label), h("select", { id: `filter-${name}`, onchange: (event) => {
    page[name] = event.target.value;
    page.at = 0;
    draw(`filter-${name}`);
  } }, h("option", { value: "" }, "All"), options.map(([value, text]) => h("option", { value, selected: value === page[name] }, text))));
  const present = (name) => [...new Set(page[page.list].map((item) => item[name]))].sort();
  return h("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
    choice("site", "Site", present("site").map((site) => [site, page.sites.get(site) ?? site])),
    choice("code", "Code", present("code").map((code) => [code, labelOf(code)])),
    h("p", { class: "field check" }, h("input", { type: "checkbox", id: "open-only", checked: page.open, onchange: (event) => {
      page.open = event.target.checked;
      page.showing = "";
      page.at = 0;
      draw("open-only");
    } }), h("label", { for: "open-only" }, "Only what is open")));
}

function labelOf(code) {
  return page.codes.get(code)?.label ?? code;
}

// ------------------------------------------------------------------ one thing to decide
function itemView(item, list) {
  const names = coderNames(item);
  return h("article", { class: "item" },
    h("div", { class: "reading" },
      h("div", { class: "item-head" },
        h("h1", { id: "item", tabindex: "-1" }, labelOf(item.code)),
        h("p", { class: "soft" }, `${page.at + 1} of ${list.length} · ${page.sites.get(item.site) ?? item.site}, transcript ${item.transcript}`)),
      definition(item), words(item, names), whoMarked(item, names)),
    decisionForm(item, list, names));
}

function definition(item) {
  const code = page.codes.get(item.code);
  if (!code) return null;
  return h("div", { class: "definition" }, code.definition && h("p", {}, code.definition), code.apply && h("p", {}, h("em", {}, "Apply: "), code.apply), code.not && h("p", {}, h("em", {}, "Not: "), code.not));
}

// In blind mode coders are numbered anew for every passage, so that nobody is known by a number.
function coderNames(item) {
  const coders = [...item.marked, ...item.unmarked].sort();
  if (!page.store.blind) return new Map(coders.map((coder, at) => [coder, { name: coder, lane: at % 6 }]));
  const mixed = coders.map((coder) => [hash(`${item.key}\n${coder}`), coder]).sort((a, b) => a[0] - b[0]);
  return new Map(mixed.map(([, coder], at) => [coder, { name: `Coder ${at + 1}`, lane: at % 6 }]));
}

function hash(text) {
  let value = 2166136261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16777619) >>> 0;
  return Math.imul(value ^ (value >>> 15), 2246822519) >>> 0;
}

function words(item, names) {
  const text = new Text(item.text);
  const chosen = item.choices ? placeOf(item) : [item.start, item.end];
  const last = item.from + Array.from(item.text).length;
  return h("div", { class: "words", role: "group", "aria-label": "The passage and what is said around it" }, item.turns.map(([, speaker, role, start, end]) => {
    const from = Math.max(start, item.from), to = Math.min(end, last);
    return h("p", { class: `said said-${role}` }, h("span", { class: "who" }, `${speaker || (role === "interviewer" ? "Interviewer" : "")} `), start < from && "… ", cut(item, names, text, from, to, chosen), end > to && " …");
  }));
}

function cut(item, names, text, from, to, chosen) {
  const places = new Set([from, to]);
  const add = (place) => { if (place > from && place < to) places.add(place); };
  for (const [, start, end] of item.marks) { add(start); add(end); }
  chosen.forEach(add);
  const sorted = [...places].sort((a, b) => a - b);
  return sorted.slice(1).map((end, at) => {
    const start = sorted[at];
    const said = text.slice(start - item.from, end - item.from);
    const marks = item.marks.filter((mark) => mark[1] < end && mark[2] > start);
    const inside = chosen[0] < end && chosen[1] > start;
    if (!marks.length && !inside) return said;
    const piece = h("span", { class: `piece ${inside ? "piece-chosen" : ""}` }, said);
    for (const mark of marks) {
      const lane = names.get(mark[0])?.lane ?? 0;
      piece.style.setProperty(`--lane-${lane}`, `var(--coder-${lane})`);
    }
    return piece;
  });
}

function whoMarked(item, names) {
  const text = new Text(item.text);
  const rows = [...names].map(([coder, { name, lane }]) => {
    const marks = item.marks.filter((mark) => mark[0] === coder);
    return h("li", {}, h("span", { class: `swatch lane-${lane}`, "aria-hidden": "true" }), h("strong", {}, name), marks.length ? " marked " : " judged the transcript and did not mark it",
      marks.map((mark, at) => [at > 0 && " and ", h("q", {}, text.slice(mark[1] - item.from, mark[2] - item.from)), mark[3] && h("span", { class: "memo" }, h("em", {}, " Memo: "), mark[3])]));
  });
  return h("section", { "aria-labelledby": "who-title" }, h("h2", { id: "who-title" }, `${item.marked.length} of ${many(names.size, "coder", "coders")} marked it`), h("ul", { class: "plain who-marked" }, rows),
    item.choices && h("p", { class: "soft" }, `${Math.round(item.share * 100)} % of the words from the first marked to the last were marked by all. Without a decision the segment covers ${EXTENTS[page.extent]}.`),
    !page.store.blind && !item.choices && h("p", { class: "soft" }, `If nobody decides: ${item.outcome === "keep" ? "kept" : "dropped"} by the rule “${item.rule}”.`));
}

function placeOf(item) {
  const draft = page.draft?.key === item.key ? page.draft : decisionOf(item);
  return draft?.place ?? [item.start, item.end];
}

// ------------------------------------------------------------------ the decision
function decisionForm(item, list, names) {
  const given = decisionOf(item);
  if (page.draft?.key !== item.key) page.draft = { key: item.key, decision: item.choices ? "keep" : "", new_code: "", reason: "", ...given };
  const { draft } = page;
  const reason = h("textarea", { id: "reason", rows: 3, required: true, "aria-describedby": "reason-help", oninput: (event) => { draft.reason = event.target.value; },
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    } });
  reason.value = draft.reason;
  const problem = h("p", { class: "problem", role: "alert", id: "problem" });
  const form = h("form", { class: "decide", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    submit(item, problem);
  } },
  h("h2", {}, given ? "Decided" : "Your decision"),
  h("p", { class: "field" }, h("label", { for: "by" }, "Your name, as the file has it"), nameInput()),
  item.choices ? extents(item, names) : choices(),
  !item.choices && h("p", { class: "field", id: "new-code-field", hidden: draft.decision !== "change" }, h("label", { for: "new-code" }, "Move the marks to"), newCode(item)),
  h("p", { class: "field" }, h("label", { for: "reason" }, "Why"), reason),
  h("p", { class: "soft", id: "reason-help" }, "Enter decides and goes on; Shift and Enter begin a new line."),
  problem,
  h("div", { class: "buttons" }, h("button", { type: "submit", class: "main-button" }, "Decide and go on"), given && h("button", { type: "button", onclick: () => {
    delete page.store.decisions[item.key];
    page.draft = null;
    page.store.write();
    announce("Decision taken back");
    draw("item");
  } }, "Take back")),
  h("div", { class: "buttons" }, h("button", { type: "button", disabled: page.at === 0, onclick: () => step(-1) }, "Previous"), h("button", { type: "button", disabled: page.at >= list.length - 1, onclick: () => step(1) }, "Next")),
  page.store.keys && h("p", { class: "soft" }, item.choices ? "Keys: " : "Keys: K keep, D drop, C change, ", "N next, P previous."));
  return form;
}

function nameInput() {
  return h("input", { type: "text", id: "by", value: page.store.by, autocomplete: "off", required: true, oninput: (event) => {
    page.store.by = event.target.value.trim();
    page.store.write();
  } });
}

function choices() {
  return h("fieldset", { class: "choices" }, h("legend", {}, "What becomes of it"), Object.entries(DECISIONS).map(([name, label]) =>
    h("label", {}, h("input", { type: "radio", name: "decision", value: name, id: `decision-${name}`, checked: page.draft.decision === name, onchange: () => decide(name, false) }), ` ${label}`)));
}

function extents(item, names) {
  const text = new Text(item.text);
  const [chosenStart, chosenEnd] = page.draft.place ?? [];
  return h("fieldset", { class: "choices extents" }, h("legend", {}, "Which words the segment covers"), item.choices.map(([start, end, whose]) =>
    h("label", {}, h("input", { type: "radio", name: "extent", checked: start === chosenStart && end === chosenEnd, onchange: () => {
      page.draft.place = [start, end];
      draw("reason");
    } }), h("span", {}, h("strong", {}, whose.map((name) => (name === "shared" ? "what all share" : name === "all" ? "all that any marked" : names.get(name)?.name ?? name)).join(", ")), " ", h("q", {}, shortened(text.slice(start - item.from, end - item.from)))))));
}

// the words at both ends tell an extent; all of them stand beside it
function shortened(said) {
  const parts = said.split(/\s+/);
  return parts.length <= 22 ? said : `${parts.slice(0, 10).join(" ")} … ${parts.slice(-10).join(" ")}`;
}

function newCode(item) {
  const codes = [...page.codes.values()].filter((code) => !code.retired && code.id !== item.code);
  return h("select", { id: "new-code", onchange: (event) => { page.draft.new_code = event.target.value; } }, h("option", { value: "" }, "Choose a code"),
    codes.map((code) => h("option", { value: code.id, selected: code.id === page.draft.new_code, title: code.definition }, code.label)));
}

function decide(name, move) {
  page.draft.decision = name;
  byId(`decision-${name}`).checked = true;
  byId("new-code-field").hidden = name !== "change";
  if (move) byId(name === "change" ? "new-code" : "reason").focus();
}

function submit(item, problem) {
  const { draft, store } = page;
  const reason = draft.reason.trim();
  const wrong = !store.by ? ["by", "Say who decides."]
    : item.choices && !draft.place ? ["", "Choose the words."]
      : !draft.decision ? ["decision-keep", "Choose keep, drop or change."]
        : draft.decision === "change" && !draft.new_code ? ["new-code", "Choose the code to move the marks to."]
          : !reason ? ["reason", "Say why: a decision without a reason is not taken in."] : null;
  problem.textContent = wrong ? wrong[1] : "";
  if (wrong) {
    byId(wrong[0])?.focus();
    return;
  }
  store.decisions[item.key] = { decision: draft.decision, new_code: draft.decision === "change" ? draft.new_code : "", reason, place: draft.place ?? null, by: store.by, on: today() };
  store.write();
  page.draft = null;
  announce(`${DECISIONS[store.decisions[item.key].decision]}: decided`);
  goOn();
}

function today() {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

// to the next that is open, from here on and then from the beginning
function goOn() {
  const list = items();
  const order = [...list.keys()].map((at) => (page.at + 1 + at) % list.length);
  const next = order.find((at) => !decisionOf(list[at]));
  page.at = next ?? page.at;
  if (next === undefined) page.showing = "";
  draw("item");
}

function step(by) {
  const key = items()[page.at + by]?.key;
  page.showing = key;
  page.at = Math.max(0, items().findIndex((item) => item.key === key));
  draw("item");
}

function shortcut(event) {
  const typing = event.target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if (!page.store.keys || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const item = items()[page.at];
  const act = { k: () => decide("keep", true), d: () => decide("drop", true), c: () => decide("change", true) };
  const move = { n: () => step(1), p: () => step(-1) };
  const key = event.key.toLowerCase();
  if (item && !item.choices && key in act) act[key]();
  else if (item && key in move && items()[page.at + (key === "n" ? 1 : -1)]) move[key]();
  else return;
  event.preventDefault();
}

// ------------------------------------------------------------------ saving
function rowsOf(site) {
  return page.all.filter((item) => item.site === site && decisionOf(item)).map((item) => {
    const { decision, new_code: newTo, reason, place, by, on } = decisionOf(item);
    const [start, end] = place ?? [item.start, item.end];
    const quote = new Text(item.text).slice(start - item.from, end - item.from);
    return { transcript_id: item.transcript, start, end, quote, code: item.code, decision, new_code: newTo, extent: place ? "quote" : "", by, on, reason };
  });
}

function saving() {
  const sites = [...page.sites].filter(([site]) => rowsOf(site).length > 0);
  return h("section", { class: "saving", "aria-labelledby": "saving-title" }, h("h2", { id: "saving-title" }, "Save"),
    h("p", {}, "One file a site: what it held before, and what was decided here. Put each into its site's folder under the name adjudications.csv and run the study again; what was decided is then no longer in this page."),
    page.forgotten > 0 && h("p", { class: "soft" }, `${many(page.forgotten, "decision", "decisions")} kept in this browser ${page.forgotten === 1 ? "is" : "are"} about nothing that is open any more, and ${page.forgotten === 1 ? "was" : "were"} taken off its list.`),
    sites.length ? h("ul", { class: "plain save-list" }, sites.map(([site, label]) => saveLine(site, label))) : h("p", { class: "soft" }, "Nothing is decided yet."));
}

function saveLine(site, label) {
  const existing = page.existing[site];
  const rows = rowsOf(site);
  if (existing.trouble) return h("li", {}, h("strong", {}, label), ` can't be saved: data/${site}/adjudications.csv can't be read (${existing.trouble}). Mend it and run again.`);
  return h("li", {}, h("button", { type: "button", "data-save": site, onclick: () => download(`adjudications-${site}.csv`, adjudicationsCsv(existing, rows)) }, `Save ${label}`),
    h("span", { class: "soft" }, ` ${rows.length} new, ${existing.rows.length} from before, for `, h("code", {}, `data/${site}/adjudications.csv`), existing.left_out > 0 && ` (${existing.left_out} about people who withdrew left out)`));
}

begin().catch((error) => {
  byId("main").replaceChildren(h("p", { class: "plain-message" }, `This page could not be shown (${error.message}). A browser of 2023 or later is needed.`));
});
