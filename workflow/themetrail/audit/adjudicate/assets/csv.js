// A site's adjudications.csv: what was there, every column kept, then what was decided here.

const COLUMNS = ["transcript_id", "start", "end", "quote", "code", "decision", "new_code", "extent", "by", "on", "reason"];
const NEEDED_ALWAYS = new Set(["transcript_id", "start", "end", "quote", "code", "decision", "by", "on", "reason"]);

function plainName(name) {
  return name.trim().toLowerCase().replaceAll(" ", "_");
}

// a spreadsheet must not take a cell for a formula; the reader takes the apostrophe off again
function neutral(text) {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function field(text) {
  const safe = neutral(String(text ?? ""));
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function adjudicationsCsv(existing, decided) {
  const header = [...existing.header];
  const names = header.map(plainName);
  for (const column of COLUMNS) {
    const wanted = NEEDED_ALWAYS.has(column) || decided.some((row) => row[column]);
    if (wanted && !names.includes(column)) {
      header.push(column);
      names.push(column);
    }
  }
  const old = existing.rows.map((row) => names.map((_, at) => row[at] ?? ""));
  const fresh = decided.map((row) => names.map((name) => row[name] ?? ""));
  return [header, ...old, ...fresh].map((row) => `${row.map(field).join(",")}\n`).join("");
}

export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
