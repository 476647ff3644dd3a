// Elements from data. Text goes in as text nodes and nowhere else, so that what a transcript
// holds can't become markup.

const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "hidden", "open"]);

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(5).filter((child) => child !== null && child !== undefined && child !== false).map(asNode));
  return element;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

export function byId(name) {
  return document.getElementById(name);
}

export function announce(text) {
  const status = byId("status");
  if (status) status.textContent = text;
}

export function many(count, one, more) {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : more}`;
}

// ------------------------------------------------------------------ a tooltip for definitions
let shownTip = null;

export function withTip(element, make) {
  const show = () => openTip(element, make);
  element.addEventListener("mouseenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("mouseleave", () => setTimeout(() => leaveTip(element), 120));
  element.addEventListener("blur", closeTip);
  return element;
}

function openTip(element, make) {
  closeTip();
  const content = make();
  if (!content) return;
  const tip = h("div", { role: "tooltip", id: "tip", class: "tip" }, content);
  tip.addEventListener("mouseleave", closeTip);
  document.body.append(tip);
  element.setAttribute("aria-describedby", "tip");
  const box = element.getBoundingClientRect();
  const width = tip.offsetWidth, height = tip.offsetHeight;
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const below = box.bottom + height + 10 < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
  shownTip = { tip, element };
}

function leaveTip(element) {
  if (shownTip && shownTip.element === element && !shownTip.tip.matches(":hover") && document.activeElement !== element) closeTip();
}

export function closeTip() {
  if (!shownTip) return;
  shownTip.element.removeAttribute("aria-describedby");
  shownTip.tip.remove();
  shownTip = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeTip();
});
