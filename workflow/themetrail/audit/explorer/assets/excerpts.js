// Passages of all sites, filtered.
import { announce, h, many } from "./dom.js";
import { group, judges, STATES } from "./data.js";
import { virtualList } from "./list.js";
import { address, codeChip, head } from "./parts.js";
import { attributeName, stateKind, stateWord } from "./words.js";

export function excerptsView(evidence, wanted, go) {
  const filters = Object.fromEntries(["q", "site", "theme", "code", "coder", "group", "state"].map((name) => [name, wanted.get(name) ?? ""]));
  const results = h("div", { class: "results" });
  let turn = 0;
  const draw = async () => {
    turn += 1;
    const mine = turn;
    go.keep(address("excerpts", "", filters));
    const sites = filters.site ? [filters.site] : evidence.sites.map((site) => site.id);
    const progress = (done, of) => {
      if (mine !== turn) return false;
      if (of > 1 && done < of) results.replaceChildren(h("p", { class: "count" }, `Opening site ${done + 1} of ${of}…`));
      return true;
    };
    if (!(await evidence.loadAll(sites, progress)) || mine !== turn) return;
    const rows = selected(evidence, filters);
    const count = h("p", { class: "count" }, summary(rows));
    results.replaceChildren(count, rows.length ? virtualList("Passages", rows, rowHeight(), (row) => passageRow(evidence, row)) : h("p", {}, "No passage fits. Take a filter away."));
    announce(count.textContent);
  };
  const form = filterForm(evidence, filters, draw);
  draw();
  return [head("Passages", "What was coded, and what became of it"), form, results];
}

function rowHeight() {
  return matchMedia("(max-width: 40rem)").matches ? 152 : 104;
}

export function selected(evidence, filters) {
  const codes = filters.code ? new Set([filters.code]) : filters.theme ? new Set(evidence.codesOfTheme(filters.theme)) : null;
  const test = (STATES[filters.state] ?? STATES.kept).test;
  const [attribute, value] = (filters.group ?? "").split(/=(.*)/s);
  const words = (filters.q ?? "").trim().toLowerCase();
  const rows = [];
  for (const site of evidence.sites) {
    if (filters.site && site.id !== filters.site) continue;
    for (const passage of evidence.passagesOf.get(site.id) ?? []) {
      if (codes && !codes.has(passage.code)) continue;
      if (!test(passage)) continue;
      if (filters.coder && !passage.marked.includes(filters.coder)) continue;
      if (attribute && evidence.people.get(passage.person)?.[attribute] !== value) continue;
      if (words && !wordsOf(passage).toLowerCase().includes(words)) continue;
      rows.push(passage);
    }
  }
  return rows;
}

export function wordsOf(passage) {
  const start = passage.segStart ?? passage.start, end = passage.segEnd ?? passage.end;
  return passage.transcript.text.slice(start, end);
}

export function summary(rows) {
  const people = new Set(rows.map((row) => row.person)), sites = new Set(rows.map((row) => row.site));
  return `${many(rows.length, "passage", "passages")}, ${many(people.size, "person", "people")}, ${many(sites.size, "site", "sites")}`;
}

export function hrefOf(passage) {
  if (passage.segment) return address("excerpt", passage.segment);
  return address("transcript", passage.transcript.id, { at: `${passage.start}-${passage.end}`, code: passage.code });
}

function passageRow(evidence, passage) {
  const site = evidence.siteOf.get(passage.site)?.label ?? passage.site;
  return h("div", { class: "passage-row" },
    h("a", { class: "passage-words", href: hrefOf(passage) }, wordsOf(passage)),
    h("p", { class: "passage-about" },
      codeChip(evidence, passage.code),
      h("span", {}, `${passage.transcript.id} · ${site} · turn ${passage.turn}`),
      h("span", { class: "dots" }, `${passage.marked.length} of ${many(judges(passage), "coder", "coders")}`),
      h("span", { class: `state state-${stateKind(passage)}` }, stateWord(passage))));
}

function filterForm(evidence, filters, draw) {
  const field = (name, label, control) => {
    const id = `filter-${name}`;
    control.id = id;
    control.value = filters[name];
    let waiting = 0;
    const changed = () => {
      filters[name] = control.value;
      clearTimeout(waiting);
      waiting = setTimeout(draw, name === "q" ? 200 : 0);
    };
    control.addEventListener(name === "q" ? "input" : "change", changed);
    return h("p", { class: `field ${name === "q" ? "wide" : ""}` }, h("label", { for: id }, label), control);
  };
  const choice = (options) => h("select", {}, h("option", { value: "" }, "All"), options.map(([value, label]) => h("option", { value }, label)));
  const groups = h("select", {}, h("option", { value: "" }, "All"), Object.entries(evidence.attributes).map(([name, values]) =>
    h("optgroup", { label: attributeName(name) }, values.map((value) => h("option", { value: `${name}=${value}` }, value)))));
  const families = [...group(evidence.codes, (code) => code.family || "Codes")];
  const codes = h("select", {}, h("option", { value: "" }, "All"), families.map(([family, list]) =>
    h("optgroup", { label: family }, list.map((code) => h("option", { value: code.id }, code.label)))));
  const states = h("select", {}, Object.entries(STATES).map(([value, state]) => h("option", { value }, state.label)));
  filters.state ||= "kept";
  return h("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
    field("q", "Words", h("input", { type: "search", autocomplete: "off" })),
    field("site", "Site", choice(evidence.sites.map((site) => [site.id, site.label]))),
    field("theme", "Theme", choice(evidence.themes.map((theme) => [theme.id, `${theme.id}. ${theme.title}`]))),
    field("code", "Code", codes),
    field("group", "Group of people", groups),
    field("coder", "Marked by", choice(evidence.coders.map((coder) => [coder, coder]))),
    field("state", "Agreement and decision", states));
}

export function transcriptsView(evidence, wanted, go) {
  const filters = Object.fromEntries(["site", "group", "coder"].map((name) => [name, wanted.get(name) ?? ""]));
  const results = h("div", { class: "results" });
  const draw = async () => {
    go.keep(address("transcripts", "", filters));
    const sites = filters.site ? [filters.site] : evidence.sites.map((site) => site.id);
    await evidence.loadAll(sites, (done, of) => { if (done < of) results.replaceChildren(h("p", { class: "count" }, `Opening site ${done + 1} of ${of}…`)); });
    const [attribute, value] = filters.group.split(/=(.*)/s);
    const rows = [...evidence.transcripts.values()].filter((row) => (!filters.site || row.site === filters.site)
      && (!filters.coder || row.coders.includes(filters.coder))
      && (!attribute || row.people.some((person) => evidence.people.get(person)?.[attribute] === value)));
    rows.sort((a, b) => (a.site === b.site ? (a.id < b.id ? -1 : 1) : a.site < b.site ? -1 : 1));
    const count = h("p", { class: "count" }, many(rows.length, "transcript", "transcripts"));
    results.replaceChildren(count, virtualList("Transcripts", rows, 76, (row) => transcriptRow(evidence, row)));
    announce(count.textContent);
  };
  const form = transcriptFilters(evidence, filters, draw);
  draw();
  return [head("Transcripts", "Every transcript"), form, results];
}

function transcriptFilters(evidence, filters, draw) {
  const whole = filterForm(evidence, filters, draw);
  for (const name of ["q", "theme", "code", "state"]) whole.querySelector(`#filter-${name}`).closest(".field").remove();
  delete filters.state;
  return whole;
}

function transcriptRow(evidence, row) {
  const about = row.people.map((person) => Object.entries(evidence.people.get(person) ?? {}).filter(([name]) => name in evidence.attributes).slice(0, 3).map(([, value]) => value).join(", ")).filter(Boolean).join("; ");
  return h("div", { class: "passage-row" },
    h("a", { class: "passage-words", href: address("transcript", row.id) }, `${row.id}${about ? ` – ${about}` : ""}`),
    h("p", { class: "passage-about" }, h("span", {}, evidence.siteOf.get(row.site)?.label ?? row.site), h("span", {}, many(row.words, "word", "words")),
      h("span", {}, many(row.decisions.filter((passage) => passage.segment).length, "passage kept", "passages kept")), h("span", {}, many(row.coders.length, "coder", "coders"))));
}
