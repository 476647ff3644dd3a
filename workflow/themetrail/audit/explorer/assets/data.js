// The study's evidence: the index at once, a site's when it is asked for.

import { readBeside, readBlock } from "./blocks.js";

export const MARK = { span: 0, coder: 1, code: 2, start: 3, end: 4, memo: 5, source: 6, row: 7, asCoded: 8 };
const DECISION = ["unit", "turn", "person", "code", "start", "end", "marked", "unmarked", "outcome",
  "newCode", "decidedBy", "by", "on", "reason", "segment", "segStart", "segEnd", "stance"];

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
    this.transcriptsOf = new Map();
    this.lost = new Map();
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
    const loading = this.loads.get(site) ?? this.#read(site);
    this.loads.delete(site); // the last asked for is the last to be closed
    this.loads.set(site, loading);
    return loading;
  }

  async #read(site) {
    const data = await this.#unpacked(site);
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
    this.transcriptsOf.set(site, data.transcripts);
    if (this.files) this.#close(site);
  }

  // what was not asked for lately gives way, where more is open than there is room for
  #close(newest) {
    const size = (site) => this.transcriptsOf.get(site)?.reduce((sum, one) => sum + one.text.text.length, 0) ?? 0;
    let open = [...this.loads.keys()].reduce((sum, site) => sum + size(site), 0);
    for (const site of this.loads.keys()) {
      if (open <= this.room) return;
      if (site === newest || !this.transcriptsOf.has(site)) continue;
      open -= size(site);
      for (const transcript of this.transcriptsOf.get(site)) this.transcripts.delete(transcript.id);
      for (const passage of this.passagesOf.get(site)) this.segments.delete(passage.segment);
      for (const held of [this.transcriptsOf, this.passagesOf, this.loads]) held.delete(site);
    }
  }

  // a site in a file beside the page may be missing; the page goes on without it, and says so
  async #unpacked(site) {
    if (!this.files) return readBlock(`site:${site}`);
    try {
      return await readBeside(site, this.files[site]);
    } catch (error) {
      this.lost.set(site, error.message);
      this.onlost?.();
      return null;
    }
  }

  #decision(row, transcript) {
    const passage = { transcript, site: transcript.site };
    DECISION.forEach((name, at) => { passage[name] = row[at]; });
    if (passage.segment) this.segments.set(passage.segment, passage);
    return passage;
  }

  // one site after the other, so that the page answers meanwhile; ends where visit says false
  async each(sites, visit) {
    for (const [at, site] of sites.entries()) {
      if (!this.loads.has(site)) await new Promise((done) => { setTimeout(done); });
      await this.load(site);
      if (visit(site, at + 1, sites.length) === false) return false;
    }
    return true;
  }

  // named: the site that an address names, where it does
  findTranscript(id, named, progress) {
    return this.#find(this.transcripts, id, [named, ...this.#sites((quote) => quote.transcript === id)], progress);
  }

  findSegment(id, named, progress) {
    return this.#find(this.segments, id, [named, ...this.#sites((quote) => quote.segment === id)], progress);
  }

  async #find(held, id, likely, progress = () => true) {
    if (held.has(id)) return held.get(id);
    const sites = [...new Set([...likely, ...this.loads.keys(), ...this.siteOf.keys()])].filter((site) => this.siteOf.has(site));
    await this.each(sites, (site, done, of) => !held.has(id) && progress(done, of));
    return held.get(id) ?? null;
  }

  #sites(matches) {
    return this.quotes.filter(matches).map((quote) => quote.site).filter(Boolean);
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
