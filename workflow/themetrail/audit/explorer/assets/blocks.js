// What the page holds, and what lies in files beside it: gzip of JSON in Base64.

export async function readBlock(id) {
  const element = document.getElementById(id);
  if (!element) return null;
  const text = element.textContent;
  if (element.type === "application/json") return JSON.parse(text);
  const value = await unpack(text);
  element.remove(); // the packed form is not needed twice
  return value;
}

function unpack(text) {
  const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

// ------------------------------------------------------------------ files beside the page
// A page from a disk may not fetch, but it may run a script of its folder. Each file is one call
// of evidence(site, mark, text); the page's policy lets it run by the nonce of the page's script.
const arrived = new Map();

export async function readBeside(site, mark) {
  window.evidence = (name, ...given) => arrived.set(name, given);
  const file = `sites/${site}.js`;
  await runFile(file);
  const [found, text] = arrived.get(site) ?? [];
  arrived.delete(site);
  if (found !== mark) throw new Error(`${file} is of another run than this page`);
  return unpack(text);
}

function runFile(file) {
  const script = document.createElement("script");
  script.nonce = document.querySelector("script[nonce]").nonce;
  script.src = file;
  return new Promise((done, failed) => {
    script.addEventListener("load", done);
    script.addEventListener("error", () => failed(new Error(`${file} is not beside this page`)));
    document.head.append(script);
  }).finally(() => script.remove());
}
