// Themes, codes and quotations.
import { h, many, withTip } from "./dom.js";
import { address, codeChip, codeTip, definitions, factLink, head, missing, themeChip } from "./parts.js";
import { inPaper } from "./paper.js";

export function homeView(evidence) {
  const fact = (id) => evidence.factOf.get(id);
  const numbers = ["n.participants", "n.transcripts", "n.sites", "n.coders", "n.segments"].map(fact).filter(Boolean);
  return [
    head(null, evidence.study.title, h("p", { class: "lead" },
      evidence.team ? "From any number or quotation of the paper to the passages that it rests on, what each coder marked there, and what was decided and why."
        : "From any number of the paper to its definition and source, and from any quotation to its code and theme.")),
    h("ul", { class: "numbers plain" }, numbers.map((item) => h("li", {},
      h("a", { href: address("fact", item.id) }, h("span", { class: "number" }, item.text), h("span", {}, NAMES[item.id]))))),
    h("div", { class: "ways" },
      way("#paper", "Start from the paper", "Follow a number or a quotation to its evidence."),
      way("#themes", "Start from a theme", "Its claim, its codes, who speaks to it and who against."),
      evidence.team && way("#excerpts", "Start from the passages", "By site, group, coder, code, and whether coders agreed."),
      evidence.team && way("#transcripts", "Start from a transcript", "Every coder's marks side by side, and what rests on them."),
      !evidence.team && way("#quotes", "Start from a quotation", "Every quotation, its codes and its theme.")),
    h("h2", {}, "Themes"), themeList(evidence, "h3")];
}

const NAMES = { "n.participants": "participants", "n.transcripts": "transcripts", "n.sites": "sites", "n.coders": "coders", "n.segments": "coded passages" };

function way(href, title, text) {
  return h("a", { class: "way", href }, h("strong", {}, title), h("span", {}, text));
}

function themeList(evidence, level) {
  if (!evidence.themes.length) return h("p", { class: "soft" }, "The study has no themes yet.");
  return h("ul", { class: "cards plain" }, evidence.themes.map((theme) => h("li", { class: "card" },
    h(level, { class: "card-title" }, h("a", { href: address("theme", theme.id) }, `${theme.id}. ${theme.title}`)),
    h("p", {}, theme.claim), h("p", { class: "soft" }, reach(theme)))));
}

function reach(theme) {
  const n = theme.counts;
  if (!("n_participants" in n)) return "";
  return `${n.n_participants} of ${many(n.of_participants, "person", "people")} · ${n.n_sites} of ${many(n.of_sites, "site", "sites")} · ${many(n.n_segments, "passage", "passages")}`;
}

export function themesView(evidence) {
  return [head("Themes", "Themes and their claims"), themeList(evidence, "h2")];
}

export function themeView(evidence, id) {
  const theme = evidence.themeOf.get(id);
  if (!theme) return missing(`There is no theme “${id}” in this study now.`);
  const printed = evidence.facts.filter((fact) => fact.evidence.some((link) => link.theme === id) && evidence.places("fact", fact.id).length);
  const counter = theme.counter.filter((row) => row.text);
  return h("article", { class: "narrow" },
    head(h("a", { href: "#themes" }, `Theme ${theme.id}`), theme.title, h("p", { class: "lead" }, theme.claim)),
    theme.description && h("p", {}, theme.description),
    definitions([["Reach", reach(theme)], ["In words", theme.quantifier], ["Frameworks", theme.frameworks.map(([name, parts]) => `${name}: ${parts.join(", ")}`).join("; ")]]),
    evidence.team && h("p", {}, h("a", { class: "button", href: address("excerpts", "", { theme: id }) }, "All passages of the theme")),
    h("h2", {}, "Codes"), codeList(evidence, theme.codes),
    theme.counter_codes.length > 0 && [h("h3", {}, "Codes that speak against the claim"), codeList(evidence, theme.counter_codes)],
    h("h2", {}, "Quotations in the paper"), quoteCards(evidence, evidence.quotes.filter((quote) => quote.theme === id)),
    counter.length > 0 && [h("h2", {}, "Passages that speak against the claim"), h("ul", { class: "cards plain" }, counter.map((row) => counterCard(evidence, row)))],
    theme.excluded.length > 0 && [h("h2", {}, "Quotations that were ruled out"), h("ul", { class: "cards plain" }, theme.excluded.map((row) =>
      h("li", { class: "card" }, h("blockquote", {}, row.quote), h("p", {}, row.reason), h("p", { class: "soft" }, h("a", { href: address("transcript", row.transcript) }, row.transcript)))))],
    h("h2", {}, "Numbers in the paper"), printed.length ? h("ul", { class: "plain facts" }, printed.map((fact) => h("li", {}, factLink(fact)))) : h("p", { class: "soft" }, "None."));
}

function counterCard(evidence, row) {
  const there = row.segment_id.startsWith("s") && row.code ? address("excerpt", row.segment_id) : address("transcript", row.transcript_id, { at: `${row.start}-${row.end}` });
  return h("li", { class: "card" }, h("blockquote", {}, row.text), h("p", {}, row.why),
    h("p", { class: "soft" }, h("a", { href: there }, `${row.transcript_id}, ${evidence.siteOf.get(row.site)?.label ?? row.site}`), row.code && [" · ", codeChip(evidence, row.code)]));
}

function codeList(evidence, ids) {
  return h("ul", { class: "chips plain" }, ids.map((id) => h("li", {}, codeChip(evidence, id), h("span", { class: "soft" }, ` ${evidence.codeOf.get(id)?.n ?? 0}`))));
}

export function quoteCards(evidence, quotes) {
  if (!quotes.length) return h("p", { class: "soft" }, "None.");
  return h("ul", { class: "cards plain" }, quotes.map((quote) => h("li", { class: "card" },
    h("blockquote", {}, quote.text),
    h("p", { class: "soft" }, quote.attribution, quote.stance === "counter" && " · speaks against the claim"),
    quote.reason && h("p", {}, h("strong", {}, "Why this one: "), quote.reason),
    h("p", {}, quote.codes.map((code) => [codeChip(evidence, code), " "]), h("a", { href: address("excerpt", quote.segment) }, "Show the evidence")))));
}

export function quotesView(evidence, wanted) {
  const theme = wanted.get("theme"), code = wanted.get("code");
  const quotes = evidence.quotes.filter((quote) => (!theme || quote.theme === theme) && (!code || quote.codes.includes(code)));
  const of = [theme && `theme ${theme}`, code && `code “${evidence.label(code)}”`].filter(Boolean).join(", ");
  return h("article", { class: "narrow" }, head("Quotations", of ? `Quotations: ${of}` : "Every quotation in the paper"), quoteCards(evidence, quotes));
}

export function codesView(evidence) {
  const families = [...new Set(evidence.codes.map((code) => code.family))];
  return [head("Codes", "The codebook", h("p", { class: "soft" }, `Version ${evidence.study.codebook}, ${many(evidence.codes.length, "code", "codes")}`)),
    families.map((family) => [family && h("h2", {}, family),
      h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Codes${family ? ` of the family ${family}` : ""}` },
        h("table", { class: "codes" }, h("thead", {}, h("tr", {}, ["Code", "Definition", "Themes", "Passages"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, evidence.codes.filter((code) => code.family === family).map((code) => codeRow(evidence, code)))))])];
}

function codeRow(evidence, code) {
  const link = withTip(h("a", { href: address("code", code.id) }, code.label), () => codeTip(code));
  return h("tr", {}, h("th", { scope: "row" }, link, code.retired && " (retired)"), h("td", {}, code.definition),
    h("td", {}, evidence.themesOfCode.get(code.id).map((theme, at) => [at > 0 && ", ", h("a", { href: address("theme", theme.id), title: theme.title }, theme.id)])), h("td", { class: "n" }, code.n));
}

export function codeView(evidence, id) {
  const code = evidence.codeOf.get(id);
  if (!code) return missing(`There is no code “${id}” in the codebook now.`);
  const printed = evidence.facts.filter((fact) => fact.evidence.some((link) => link.code === id) && evidence.places("fact", fact.id).length);
  const changes = { Definition: code.definition, "Apply it to": code.apply, "Not to": code.not, Example: code.example };
  return h("article", { class: "narrow" },
    head(h("a", { href: "#codes" }, "Code"), code.label, code.retired && h("p", { class: "plain-message" }, "Retired: it is no longer in use.")),
    definitions([["Id", h("code", {}, code.id)], ["Family", code.family], ...Object.entries(changes), ["Passages kept", String(code.n)]]),
    h("p", {}, evidence.themesOfCode.get(id).map((theme) => [themeChip(theme), " "])),
    evidence.team && h("p", {}, h("a", { class: "button", href: address("excerpts", "", { code: id }) }, "All passages with this code"), " ",
      h("a", { class: "button", href: address("excerpts", "", { code: id, state: "contested" }) }, "Where coders differ")),
    h("h2", {}, "Quotations in the paper"), quoteCards(evidence, evidence.quotes.filter((quote) => quote.codes.includes(id))),
    h("h2", {}, "Numbers in the paper"), printed.length ? h("ul", { class: "plain facts" }, printed.map((fact) => h("li", {}, factLink(fact)))) : h("p", { class: "soft" }, "None."));
}

// what the public sees of an excerpt: the quotation as the paper prints it
export function quoteView(evidence, segment) {
  const quotes = evidence.quotesOf.get(segment) ?? [];
  if (!quotes.length) return missing("The paper does not quote this passage; the study team has it.");
  const first = quotes[0];
  const how = { unanimous: "All coders who judged it marked it.", adjudication: "Coders differed; an adjudicator decided to keep it.", single_coder: "One coder judged it." };
  return h("article", { class: "narrow" },
    head("Quotation", "A quotation in the paper"),
    h("blockquote", { class: "big" }, first.text), h("p", { class: "soft" }, first.attribution),
    definitions([["Code", first.code ? codeChip(evidence, first.code) : "none: words that the analyst named"], ["Bears also on", first.codes.length > 1 ? first.codes.filter((code) => code !== first.code).map((code) => [codeChip(evidence, code), " "]) : ""],
      ["Marked by", first.n_coders ? many(first.n_coders, "coder", "coders") : ""], ["Decision", first.decided_by ? how[first.decided_by] ?? `Coders differed; kept by the rule “${first.decided_by}”.` : ""], ["Name", h("code", {}, segment)]]),
    h("p", {}, quotes.map((quote) => [themeChip(evidence.themeOf.get(quote.theme)), " "])),
    h("h2", {}, "In the paper"), inPaper(evidence, "quote", segment),
    h("p", { class: "soft" }, "The transcript around it is with the study team."));
}
