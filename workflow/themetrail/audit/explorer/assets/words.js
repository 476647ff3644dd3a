// What happened, in words.
import { many } from "./dom.js";
import { judges } from "./data.js";

const RULES = {
  majority: "a majority of those who judged it",
  any: "any coder",
  all: "all coders",
  lead: "the lead coder",
};

export function stateWord(passage) {
  const done = { keep: "Kept", drop: "Dropped", change: "Moved" }[passage.outcome] ?? passage.outcome;
  const by = {
    unanimous: "all agree",
    adjudication: "adjudicated",
    single_coder: "one coder",
  }[passage.decidedBy] ?? `by rule (${passage.decidedBy})`;
  return `${done} · ${by}`;
}

export function stateKind(passage) {
  if (passage.outcome === "drop") return "dropped";
  if (passage.outcome === "change") return "moved";
  return passage.decidedBy === "unanimous" ? "agreed" : "kept";
}

export function decisionSentence(passage, label) {
  const marked = passage.marked.length, of = judges(passage);
  const count = `${marked} of ${many(of, "coder", "coders")} who judged this transcript marked it`;
  const rule = RULES[passage.decidedBy] ?? passage.decidedBy;
  if (passage.decidedBy === "unanimous") return `Kept: all ${many(of, "coder", "coders")} who judged this transcript marked it.`;
  if (passage.decidedBy === "single_coder") return "Kept: one coder judged this transcript, and marked it.";
  if (passage.decidedBy === "adjudication") {
    const done = passage.outcome === "change" ? `moved to “${label(passage.newCode)}”` : { keep: "kept", drop: "dropped" }[passage.outcome];
    return `${count}. An adjudicator decided: ${done}.`;
  }
  return passage.outcome === "keep"
    ? `${count}. Nobody adjudicated, and the rule keeps what ${rule} marked.`
    : `${count}. Nobody adjudicated, and the rule keeps only what ${rule} marked: dropped.`;
}

export function attributeName(name) {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
