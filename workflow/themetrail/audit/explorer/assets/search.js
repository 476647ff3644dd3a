// One search over facts, themes, codes and, for the team, every word said.
import { announce, h, many } from "./dom.js";
import { address, factLink, head } from "./parts.js";
import { hasLeft, opening, own } from "./excerpts.js";
import { says } from "./facts.js";
import { virtualList } from "./list.js";

const MOST_HITS = 5000;

export function searchView(evidence, wanted) {
  const asked = (wanted.get("search") ?? "").trim();
  if (!asked) return [head("Search", "What are you looking for?"), h("p", {}, "Type words, an id of a fact, theme, code or passage, or the name of a transcript.")];
  const words = asked.toLowerCase().split(/\s+/);
  const holds = (text) => words.every((word) => text.toLowerCase().includes(word));
  const themes = evidence.themes.filter((theme) => holds(`${theme.id} ${theme.title} ${theme.claim} ${theme.description}`));
  const codes = evidence.codes.filter((code) => holds(`${code.id} ${code.label} ${code.definition} ${code.apply}`));
  const facts = evidence.facts.filter((fact) => says(fact, words));
  const quotes = evidence.quotes.filter((quote) => holds(`${quote.segment} ${quote.text}`));
  facts.sort((a, b) => evidence.places("fact", b.id).length - evidence.places("fact", a.id).length);
  const spoken = evidence.team && h("section", { "aria-labelledby": "spoken" });
  if (spoken) said(evidence, asked, spoken);
  return [head("Search", `“${asked}”`),
    section("Themes", themes.map((theme) => h("a", { href: address("theme", theme.id) }, `${theme.id}. ${theme.title}`))),
    section("Codes", codes.map((code) => h("a", { href: address("code", code.id) }, code.label))),
    section("Quotations in the paper", quotes.map((quote) => h("a", { href: address("excerpt", quote.segment) }, quote.text))),
    facts.length > 0 && h("section", {}, h("h2", {}, `Facts (${facts.length})`), virtualList("Facts", facts, 84, factLink)),
    spoken];
}

function section(title, links) {
  if (!links.length) return null;
  return h("section", {}, h("h2", {}, `${title} (${links.length})`), h("ul", {}, links.map((link) => h("li", {}, link))));
}

async function said(evidence, asked, place) {
  const count = h("p", { class: "count" }, "Opening the first site…");
  const found = [];
  const list = virtualList("Places in transcripts", found, 84, (row) => hit(evidence, row));
  list.hidden = true;
  place.replaceChildren(h("h2", { id: "spoken" }, "In the transcripts"), count, list);
  const visit = (site, done, of) => {
    if (hasLeft(place, done) || found.length >= MOST_HITS) return false;
    found.push(...hits(evidence, asked, site).slice(0, MOST_HITS - found.length));
    const places = found.length < MOST_HITS ? many(found.length, "place", "places") : `The first ${MOST_HITS} places, in the first ${many(done, "site", "sites")} of ${of}`;
    count.textContent = done < of && found.length < MOST_HITS ? opening(places, done, of) : places;
    list.hidden = !found.length;
    list.grow();
    return true;
  };
  await evidence.each(evidence.sites.map((site) => site.id), visit);
  if (place.isConnected) announce(count.textContent);
}

// where an open site says the words, or has a transcript or passage of that name
function hits(evidence, asked, site) {
  const wanted = asked.toLowerCase();
  const found = [];
  for (const transcript of evidence.transcriptsOf.get(site) ?? []) {
    const text = transcript.text.text.toLowerCase();
    if (transcript.id.toLowerCase() === wanted) found.push(around(transcript, 0, 0));
    for (let at = text.indexOf(wanted); at >= 0 && found.length < MOST_HITS; at = text.indexOf(wanted, at + wanted.length)) {
      found.push(around(transcript, transcript.text.point(at), transcript.text.point(at + wanted.length)));
    }
  }
  const named = evidence.segments.get(asked);
  if (named?.site === site) found.push(around(named.transcript, named.segStart, named.segEnd));
  return found;
}

function around({ id, site, text }, start, end) {
  const parts = [text.slice(Math.max(0, start - 70), start), text.slice(start, end), text.slice(end, end + 110)];
  return { id, site, start, end, parts: own(parts) };
}

function hit(evidence, { id, site, start, end, parts }) {
  return h("div", { class: "passage-row" },
    h("a", { class: "passage-words", href: address("transcript", id, { at: `${start}-${end}`, site }) }, parts[0], h("mark", {}, parts[1]), parts[2]),
    h("p", { class: "passage-about" }, `${id} · ${evidence.siteOf.get(site)?.label ?? site}`));
}
