// Passages of all sites, filtered.
import { announce, h, many } from "./dom.js";
import { group, judges, STATES } from "./data.js";
import { MOST_ROWS, virtualList } from "./list.js";
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
    const found = { rows: [], people: new Set(), sites: new Set(), count: 0 };
    const count = h("p", { class: "count" }, sites.length > 1 ? "Opening the first site…" : "Opening the site…");
    const list = virtualList("Passages", found.rows, isNarrow() ? 152 : 104, (row) => passageRow(evidence, row));
    results.replaceChildren(count, list);
    list.hidden = true;
    const visit = (site, done, of) => {
      if (mine !== turn || hasLeft(count, done)) return false;
      selected(evidence, filters, site).forEach((row) => add(evidence, found, row));
      count.textContent = done < of ? opening(summary(found), done, of) : summary(found);
      list.hidden = !found.count;
      list.grow();
      return true;
    };
    if (!(await evidence.each(sites, visit))) return;
    if (!found.count) results.append(h("p", {}, "No passage fits. Take a filter away."));
    announce(count.textContent);
  };
  const form = filterForm(evidence, filters, draw);
  draw();
  return [head("Passages", "What was coded, and what became of it"), form, results];
}

function isNarrow() {
  return matchMedia("(max-width: 40rem)").matches;
}

// what was found up to now, and how far that is
export function opening(found, done, of) {
  return `Opening site ${done + 1} of ${of}… ${found} in the first ${done}`;
}

// whether the view was left, so that no more sites are opened for it; it is shown by the second
export function hasLeft(element, done) {
  return done > 1 && !element.isConnected;
}

// passages of an open site that pass the filters
export function selected(evidence, filters, site) {
  const codes = filters.code ? new Set([filters.code]) : filters.theme ? new Set(evidence.codesOfTheme(filters.theme)) : null;
  const test = (STATES[filters.state] ?? STATES.kept).test;
  const [attribute, value] = (filters.group ?? "").split(/=(.*)/s);
  const words = (filters.q ?? "").trim().toLowerCase();
  return (evidence.passagesOf.get(site) ?? []).filter((passage) => (!codes || codes.has(passage.code))
    && test(passage)
    && (!filters.coder || passage.marked.includes(filters.coder))
    && (!attribute || evidence.people.get(passage.person)?.[attribute] === value)
    && (!words || wordsOf(passage).toLowerCase().includes(words)));
}

// counts a passage, and keeps it as far as the list shows rows; where the site may be closed
// again, without its transcript
function add(evidence, found, passage) {
  found.count += 1;
  found.people.add(passage.person);
  found.sites.add(passage.site);
  if (found.rows.length >= MOST_ROWS) return;
  found.rows.push(evidence.files ? { ...passage, transcript: { id: passage.transcript.id }, said: own(wordsOf(passage).slice(0, 400)) } : passage);
}

// a text of its own: browsers keep the whole of a text alive for a part of it
export function own(text) {
  return JSON.parse(JSON.stringify(text));
}

export function wordsOf(passage) {
  if (passage.said !== undefined) return passage.said;
  const start = passage.segStart ?? passage.start, end = passage.segEnd ?? passage.end;
  return passage.transcript.text.slice(start, end);
}

export function summary({ count, people, sites }) {
  return `${many(count, "passage", "passages")}, ${many(people.size, "person", "people")}, ${many(sites.size, "site", "sites")}`;
}

export function hrefOf(passage) {
  if (passage.segment) return address("excerpt", passage.segment, { site: passage.site });
  return address("transcript", passage.transcript.id, { at: `${passage.start}-${passage.end}`, code: passage.code, site: passage.site });
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
  let turn = 0;
  const draw = async () => {
    turn += 1;
    const mine = turn;
    go.keep(address("transcripts", "", filters));
    const sites = filters.site ? [filters.site] : evidence.sites.map((site) => site.id).sort();
    const rows = [];
    const count = h("p", { class: "count" }, "Opening…");
    const list = virtualList("Transcripts", rows, isNarrow() ? 104 : 76, (row) => transcriptRow(evidence, row));
    results.replaceChildren(count, list);
    const visit = (site, done, of) => {
      if (mine !== turn || hasLeft(count, done)) return false;
      rows.push(...held(evidence, filters, site));
      const found = many(rows.length, "transcript", "transcripts");
      count.textContent = done < of ? opening(found, done, of) : found;
      list.grow();
      return true;
    };
    if (await evidence.each(sites, visit)) announce(count.textContent);
  };
  const form = transcriptFilters(evidence, filters, draw);
  draw();
  return [head("Transcripts", "Every transcript"), form, results];
}

// transcripts of an open site that pass the filters, with what their rows show
function held(evidence, filters, site) {
  const [attribute, value] = filters.group.split(/=(.*)/s);
  const rows = (evidence.transcriptsOf.get(site) ?? []).filter((row) => (!filters.coder || row.coders.includes(filters.coder))
    && (!attribute || row.people.some((person) => evidence.people.get(person)?.[attribute] === value)));
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, people, words, coders, decisions }) =>
    ({ id, site, people, words, coders: coders.length, kept: decisions.filter((passage) => passage.segment).length }));
}

function transcriptFilters(evidence, filters, draw) {
  const whole = filterForm(evidence, filters, draw);
  for (const name of ["q", "theme", "code", "state"]) whole.querySelector(`#filter-${name}`).closest(".field").remove();
  delete filters.state;
  return whole;
}

function transcriptRow(evidence, row) {
  const about = row.people.map((person) => Object.entries(evidence.people.get(person) ?? {}).filter(([name]) => name in evidence.attributes).slice(0, 3).map(([, value]) => value.replaceAll("_", " ")).join(", ")).filter(Boolean).join("; ");
  return h("div", { class: "passage-row" },
    h("a", { class: "passage-words", href: address("transcript", row.id, { site: row.site }) }, `${row.id}${about ? ` – ${about}` : ""}`),
    h("p", { class: "passage-about" }, h("span", {}, evidence.siteOf.get(row.site)?.label ?? row.site), h("span", {}, many(row.words, "word", "words")),
      h("span", {}, many(row.kept, "passage kept", "passages kept")), h("span", {}, many(row.coders, "coder", "coders"))));
}
