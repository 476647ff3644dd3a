// A list of any length: only the rows in sight are in the page.
import { h } from "./dom.js";

const EXTRA = 6;
export const MOST_ROWS = 100000;

export function virtualList(label, rows, height, makeRow) {
  let shown = 0;
  const ruler = h("div", { class: "list-ruler" });
  const list = h("ul", { class: "list-rows", role: "list" });
  const box = h("div", { class: "list", role: "group", "aria-label": label, tabindex: "0" }, h("div", { class: "list-space" }, ruler, list));
  const live = new Map();
  let everything = false;

  // rows were added behind the others
  box.grow = () => {
    shown = Math.min(rows.length, MOST_ROWS);
    ruler.style.height = `${shown * height}px`;
    for (const row of live.values()) row.setAttribute("aria-setsize", shown);
    draw();
  };

  const draw = () => {
    const first = everything ? 0 : Math.max(0, Math.floor(box.scrollTop / height) - EXTRA);
    const last = everything ? Math.min(shown, 2000) : Math.min(shown, Math.ceil((box.scrollTop + box.clientHeight) / height) + EXTRA);
    for (const [at, row] of live) {
      if ((at < first || at >= last) && !row.contains(document.activeElement)) {
        row.remove();
        live.delete(at);
      }
    }
    for (let at = first; at < last; at += 1) if (!live.has(at)) add(at);
  };
  const add = (at) => {
    const row = h("li", { "aria-setsize": shown, "aria-posinset": at + 1, "data-at": at }, makeRow(rows[at], at));
    row.style.transform = `translateY(${at * height}px)`;
    row.style.height = `${height}px`;
    live.set(at, row);
    // in the order of the rows, which is the order of reading and of the Tab key
    const next = [...list.children].find((other) => Number(other.dataset.at) > at);
    list.insertBefore(row, next ?? null);
  };
  const move = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = event.target.closest("li[data-at]");
    const at = here ? Number(here.dataset.at) + steps[event.key] : Math.round(box.scrollTop / height);
    if (at < 0 || at >= shown) return;
    event.preventDefault();
    const top = at * height;
    if (top < box.scrollTop) box.scrollTop = top;
    if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
    draw();
    live.get(at)?.querySelector("a, button")?.focus({ preventScroll: true });
  };
  const all = (on) => () => {
    everything = on;
    box.classList.toggle("list-all", on);
    draw();
  };
  const before = all(true), after = all(false);
  box.addEventListener("scroll", draw, { passive: true });
  box.addEventListener("keydown", move);
  const watch = new ResizeObserver(() => {
    if (box.isConnected) draw();
    else {
      watch.disconnect();
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    }
  });
  watch.observe(box);
  box.grow();
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return box;
}
