// One search over facts, themes, codes and, for the team, every word said.
import { announce, h, many } from "./dom.js";
import { address, factLink, head } from "./parts.js";
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
  const title = h("h2", { id: "spoken" }, "In the transcripts");
  const count = h("p", { class: "count" });
  place.replaceChildren(title, count);
  const sites = evidence.sites.map((site) => site.id);
  await evidence.loadAll(sites, (done, of) => {
    count.textContent = `Searching site ${done} of ${of}…`;
    return place.isConnected || done === 1;
  });
  const named = await evidence.findSegment(asked);
  const found = named ? [[named.transcript, named.start, asked.length]] : hits(evidence, asked);
  count.textContent = found.length >= MOST_HITS ? `The first ${MOST_HITS} places` : many(found.length, "place", "places");
  announce(count.textContent);
  if (found.length) place.append(virtualList("Places in transcripts", found, 84, ([transcript, start, length]) => hit(evidence, transcript, start, length)));
}

function hits(evidence, asked) {
  const wanted = asked.toLowerCase();
  const found = [];
  for (const transcript of evidence.transcripts.values()) {
    const text = transcript.text.text.toLowerCase();
    if (transcript.id.toLowerCase() === wanted) found.push([transcript, 0, 0]);
    for (let at = text.indexOf(wanted); at >= 0 && found.length < MOST_HITS; at = text.indexOf(wanted, at + wanted.length)) {
      const start = transcript.text.point(at);
      found.push([transcript, start, transcript.text.point(at + wanted.length) - start]);
    }
  }
  return found;
}

function hit(evidence, transcript, start, length) {
  const { text } = transcript;
  const around = [text.slice(Math.max(0, start - 70), start), text.slice(start, start + length), text.slice(start + length, start + length + 110)];
  return h("div", { class: "passage-row" },
    h("a", { class: "passage-words", href: address("transcript", transcript.id, { at: `${start}-${start + length}` }) }, around[0], h("mark", {}, around[1]), around[2]),
    h("p", { class: "passage-about" }, `${transcript.id} · ${evidence.siteOf.get(transcript.site)?.label ?? transcript.site}`));
}
