// What was decided, kept in this browser until it is saved; nothing leaves it.

export class Store {
  constructor(study) {
    this.name = `themetrail-adjudicate:${study}`;
    this.kept = true;
    let found = {};
    try {
      found = JSON.parse(localStorage.getItem(this.name) ?? "{}") ?? {};
    } catch {
      this.kept = false;
    }
    this.by = typeof found.by === "string" ? found.by : "";
    this.blind = found.blind !== false;
    this.keys = found.keys !== false;
    this.decisions = found.decisions && typeof found.decisions === "object" ? found.decisions : {};
  }

  write() {
    const { by, blind, keys, decisions } = this;
    try {
      localStorage.setItem(this.name, JSON.stringify({ by, blind, keys, decisions }));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  // decisions about what is no longer open: the last run took them in, or the passage is gone
  forget(open) {
    const gone = Object.keys(this.decisions).filter((key) => !open.has(key));
    for (const key of gone) delete this.decisions[key];
    if (gone.length) this.write();
    return gone.length;
  }
}
