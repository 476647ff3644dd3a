// What the page holds: the index at once, a site's evidence when it is asked for.

export const MARK = { span: 0, coder: 1, code: 2, start: 3, end: 4, memo: 5, source: 6, row: 7, asCoded: 8 };
const DECISION = ["unit", "turn", "person", "code", "start", "end", "marked", "unmarked", "outcome",
  "newCode", "decidedBy", "by", "on", "reason", "segment", "segStart", "segEnd", "stance"];

export async function readBlock(id) {
  const element = document.getElementById(id);
  if (!element) return null;
  const text = element.textContent;
  if (element.type === "application/json") return JSON.parse(text);
  const bytes = fromBase64(text);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const value = await new Response(stream).json();
  element.remove(); // the packed form is not needed twice
  return value;
}

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

// Places are Unicode code points; JavaScript counts UTF-16 units, which differ beyond U+FFFF.
export class Text {
  constructor(text) {
    this.text = text;
    this.points = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  }

  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
  }

  // the place in code points of a place in UTF-16 units
  point(unit) {
    return this.points ? Array.from(this.text.slice(0, unit)).length : unit;
  }
}

export class Evidence {
  constructor(index) {
    Object.assign(this, index);
    this.team = this.study.audience === "team";
    this.codeOf = new Map(this.codes.map((code) => [code.id, code]));
    this.themeOf = new Map(this.themes.map((theme) => [theme.id, theme]));
    this.factOf = new Map(this.facts.map((fact) => [fact.id, fact]));
    this.siteOf = new Map(this.sites.map((site) => [site.id, site]));
    this.quotesOf = group(this.quotes, (quote) => quote.segment);
    this.themesOfCode = new Map(this.codes.map((code) => [code.id,
      this.themes.filter((theme) => [...theme.codes, ...theme.counter_codes].includes(code.id))]));
    this.coders ??= [];
    this.log ??= [];
    this.attributes ??= {};
    this.loads = new Map();
    this.transcripts = new Map();
    this.segments = new Map();
    this.people = new Map();
    this.passagesOf = new Map();
  }

  label(code) {
    return this.codeOf.get(code)?.label ?? code;
  }

  codesOfTheme(id) {
    const theme = this.themeOf.get(id);
    return theme ? [...theme.codes, ...theme.counter_codes] : [];
  }

  // places in the paper: "fact:id" or "quote:id"
  places(kind, id) {
    return this.used[`${kind}:${id}`] ?? [];
  }

  load(site) {
    if (!this.loads.has(site)) this.loads.set(site, this.#read(site));
    return this.loads.get(site);
  }

  async #read(site) {
    const data = await readBlock(`site:${site}`);
    if (!data) return;
    const passages = [];
    for (const [id, attributes] of Object.entries(data.people)) this.people.set(id, attributes);
    for (const transcript of data.transcripts) {
      transcript.site = site;
      transcript.words_said = transcript.words;
      transcript.text = new Text(transcript.text);
      transcript.decisions = transcript.decisions.map((row) => this.#decision(row, transcript));
      this.transcripts.set(transcript.id, transcript);
      passages.push(...transcript.decisions);
    }
    this.passagesOf.set(site, passages);
  }

  #decision(row, transcript) {
    const passage = { transcript, site: transcript.site };
    DECISION.forEach((name, at) => { passage[name] = row[at]; });
    if (passage.segment) this.segments.set(passage.segment, passage);
    return passage;
  }

  // one site after the other, so that the page answers meanwhile
  async loadAll(sites, progress = () => true) {
    for (const [at, site] of sites.entries()) {
      if (!this.loads.has(site)) await new Promise((done) => { setTimeout(done); });
      await this.load(site);
      if (progress(at + 1, sites.length) === false) return false;
    }
    return true;
  }

  async findTranscript(id) {
    for (const site of this.#likely((quote) => quote.transcript === id)) {
      await this.load(site);
      if (this.transcripts.has(id)) return this.transcripts.get(id);
    }
    return null;
  }

  async findSegment(id) {
    for (const site of this.#likely((quote) => quote.segment === id)) {
      await this.load(site);
      if (this.segments.has(id)) return this.segments.get(id);
    }
    return null;
  }

  // sites that are open, then those that a quotation points to, then the others
  #likely(matches) {
    const named = this.quotes.filter(matches).map((quote) => quote.site).filter(Boolean);
    return [...new Set([...this.loads.keys(), ...named, ...this.sites.map((site) => site.id)])];
  }
}

export function group(rows, key) {
  const found = new Map();
  for (const row of rows) {
    const name = key(row);
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(row);
  }
  return found;
}

export function judges(passage) {
  return passage.marked.length + passage.unmarked.length;
}

export const STATES = {
  kept: { label: "Kept", test: (p) => p.outcome === "keep" },
  unanimous: { label: "Kept: all coders agree", test: (p) => p.decidedBy === "unanimous" },
  contested: { label: "Coders differ, whatever was decided", test: (p) => p.marked.length > 0 && p.unmarked.length > 0 },
  adjudicated: { label: "Adjudicated", test: (p) => p.decidedBy === "adjudication" },
  rule: { label: "Decided by the rule", test: (p) => !["unanimous", "adjudication", "single_coder"].includes(p.decidedBy) },
  single: { label: "Only one coder judged", test: (p) => p.decidedBy === "single_coder" },
  dropped: { label: "Dropped", test: (p) => p.outcome === "drop" },
  moved: { label: "Moved to another code", test: (p) => p.outcome === "change" },
  counter: { label: "Flagged as speaking against", test: (p) => p.stance === "counter" },
  any: { label: "Everything that a coder marked", test: () => true },
};
