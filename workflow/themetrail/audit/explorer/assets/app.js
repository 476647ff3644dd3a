// Addresses and views.
import { byId, closeTip, h, many } from "./dom.js";
import { readBlock } from "./blocks.js";
import { Evidence } from "./data.js";
import { missing } from "./parts.js";
import { paperView } from "./paper.js";
import { excerptsView, transcriptsView } from "./excerpts.js";
import { factsView, factView } from "./facts.js";
import { codesView, codeView, homeView, quotesView, quoteView, themesView, themeView } from "./themes.js";
import { transcriptView } from "./transcript.js";
import { searchView } from "./search.js";
import { decisionsView } from "./log.js";

const go = {
  // the address of what is shown now, without a step in the history
  keep(hash) {
    history.replaceState(null, "", hash);
  },
};

const TITLES = { home: "Overview", paper: "Paper", themes: "Themes", codes: "Codes", facts: "Facts", quotes: "Quotations", excerpts: "Passages", transcripts: "Transcripts", decisions: "Decisions" };
const OF = { theme: "themes", code: "codes", fact: "facts", excerpt: "excerpts", transcript: "transcripts" };

async function makeView(evidence, view, wanted, looking) {
  const id = wanted.get(view) ?? "";
  if (view === "paper") return paperView(evidence, wanted);
  if (view === "facts") return factsView(evidence, wanted, go);
  if (view === "fact") return factView(evidence, id);
  if (view === "themes") return themesView(evidence);
  if (view === "theme") return themeView(evidence, id);
  if (view === "codes") return codesView(evidence);
  if (view === "code") return codeView(evidence, id);
  if (view === "quotes") return quotesView(evidence, wanted);
  if (view === "search") return searchView(evidence, wanted);
  if (view === "excerpt" && !evidence.team) return quoteView(evidence, id);
  if (!evidence.team && ["excerpts", "transcripts", "transcript", "decisions"].includes(view)) return missing("Transcripts are not in this page: it is made for the public. The study team has them.");
  if (view === "excerpts") return excerptsView(evidence, wanted, go);
  if (view === "decisions") return decisionsView(evidence, wanted, go);
  if (view === "transcripts") return transcriptsView(evidence, wanted, go);
  if (view === "transcript") return transcriptView(evidence, await evidence.findTranscript(id, wanted.get("site"), looking), wanted, null, go);
  if (view === "excerpt") {
    const passage = await evidence.findSegment(id, wanted.get("site"), looking);
    const quoted = !passage && evidence.quotesOf.get(id)?.[0]; // words that the analyst named and nobody coded
    if (quoted) return transcriptView(evidence, await evidence.findTranscript(quoted.transcript, quoted.site, looking), new URLSearchParams({ at: `${quoted.start}-${quoted.end}` }), null, go);
    if (!passage) return missing(`There is no passage “${id}” in this study now. Its words, its place or its code changed since the page that led here was made.`);
    return transcriptView(evidence, passage.transcript, wanted, passage, go);
  }
  return homeView(evidence);
}

let turn = 0;

async function show(evidence, first) {
  turn += 1;
  const mine = turn;
  closeTip();
  const wanted = new URLSearchParams(location.hash.slice(1));
  const view = wanted.keys().next().value ?? "home";
  const looking = (done, of) => {
    if (mine !== turn) return false;
    if (evidence.files && done > 1) byId("main").replaceChildren(h("p", { class: "loading" }, `Not in the first ${done} of ${of} sites. Looking on…`));
    return true;
  };
  const content = [await makeView(evidence, view, wanted, looking)].flat(3).filter(Boolean);
  if (mine !== turn) return;
  const main = byId("main");
  main.className = `view-${view}`;
  main.replaceChildren(...content);
  markView(OF[view] ?? view);
  document.title = `${main.querySelector("h1")?.textContent ?? TITLES[view] ?? "Evidence"} – ${evidence.study.short}`;
  if (!first) main.focus({ preventScroll: true });
  scrollTo(0, 0);
  for (const item of content) item.ready?.();
  main.querySelector(".here")?.scrollIntoView({ block: "center" });
  document.documentElement.dataset.ready = location.hash || "#home";
}

function markView(name) {
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function drawMenu(evidence) {
  const names = evidence.team ? ["paper", "themes", "codes", "facts", "excerpts", "transcripts", "decisions"] : ["paper", "themes", "codes", "facts", "quotes"];
  byId("views").replaceChildren(...names.map((name) => h("li", {}, h("a", { href: `#${name}` }, TITLES[name]))));
  if (evidence.study.html) byId("study").replaceChildren(h("a", { href: "../paper.html", title: "The paper" }, evidence.study.title));
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = `search=${encodeURIComponent(byId("find-words").value)}`;
  });
}

async function start() {
  const evidence = new Evidence(await readBlock("index"));
  drawMenu(evidence);
  evidence.onlost = () => tellLost(evidence);
  addEventListener("hashchange", () => show(evidence, false).catch(failed));
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  await show(evidence, true);
}

// on every view, since no count is of the whole study then
function tellLost(evidence) {
  const banner = document.querySelector(".banner.lost") ?? h("p", { class: "banner lost", role: "alert" });
  const first = [...evidence.lost.values()].slice(0, 3).join("; "), more = evidence.lost.size - 3;
  banner.textContent = `Without the evidence of ${many(evidence.lost.size, "site", "sites")}: ${first}${more > 0 ? `; and ${more} more` : ""}.`;
  document.querySelector(".top").before(banner);
}

function failed(error) {
  byId("main").replaceChildren(missing(`This page could not be shown (${error.message}). A browser of 2023 or later is needed.`));
}

start().catch(failed);
