// The decision log as a timeline: who decided what, when and why.
import { announce, h, many } from "./dom.js";
import { virtualList } from "./list.js";
import { address, codeChip, head, themeChip } from "./parts.js";

export function decisionsView(evidence, wanted, go) {
  const kinds = [...new Set(evidence.log.map((entry) => entry.kind))];
  const choice = h("select", { id: "log-kind" }, h("option", { value: "" }, "All"), kinds.map((kind) => h("option", { value: kind, selected: kind === wanted.get("kind") }, kind)));
  const words = h("input", { type: "search", id: "log-words", value: wanted.get("q") ?? "", autocomplete: "off" });
  const results = h("div", {});
  const draw = () => {
    const asked = words.value.trim().toLowerCase();
    const rows = evidence.log.filter((entry) => (!choice.value || entry.kind === choice.value)
      && (!asked || `${entry.about} ${entry.decision} ${entry.reason} ${entry.by} ${entry.source}`.toLowerCase().includes(asked)));
    const count = h("p", { class: "count" }, many(rows.length, "decision", "decisions"));
    results.replaceChildren(count, rows.length ? virtualList("Decisions", rows, matchMedia("(max-width: 40rem)").matches ? 150 : 82, (entry) => entryRow(evidence, entry)) : h("p", {}, "None."));
    announce(count.textContent);
    go.keep(address("decisions", "", { kind: choice.value, q: words.value.trim() }));
  };
  choice.addEventListener("change", draw);
  words.addEventListener("input", draw);
  draw();
  return [head("Decisions", "Every decision, by date", h("p", { class: "soft" }, "Made from the files that hold them. The same entries, each linked to the one before by its hash, are in ", h("code", {}, "reports/decisions.jsonl"), ".")),
    h("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
      h("p", { class: "field wide" }, h("label", { for: "log-words" }, "Words"), words),
      h("p", { class: "field" }, h("label", { for: "log-kind" }, "Kind"), choice)),
    results];
}

function entryRow(evidence, entry) {
  const theme = evidence.themeOf.get(entry.about);
  const about = theme ? themeChip(theme) : evidence.codeOf.has(entry.about) ? codeChip(evidence, entry.about) : entry.about && h("span", {}, entry.about);
  return h("div", { class: "passage-row" },
    h("p", { class: "passage-words log-reason" }, entry.reason || "No reason is recorded."),
    h("p", { class: "passage-about" }, h("span", { class: "state" }, entry.kind.endsWith(entry.decision) ? entry.kind : `${entry.kind}: ${entry.decision}`), about,
      h("span", {}, [entry.on || "no date", entry.by].filter(Boolean).join(" · ")), h("code", {}, entry.source)));
}
