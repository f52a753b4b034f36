// What all parts of the phone share: who holds it, calls to the simulator, and how elements are made.
// Data becomes text nodes and attributes, never markup.

export const $ = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== "" && c !== false));
  return node;
}

const asked = new URLSearchParams(location.search);
function stored() {
  try {
    return JSON.parse(localStorage.getItem("phone") || "{}");
  } catch {
    return {};
  }
}
const kept = stored();

/** Who holds the phone, and to which number they write. */
export const me = {
  number: asked.get("number") || kept.number || "",
  who: asked.get("who") || kept.who || "+5511981234567",
  name: asked.get("name") || kept.name || "Ana Souza",
};

/** The world's clock, which may be ahead of this machine's. */
export const world = { now: Date.now() };

export async function call(path, body, { method = body === undefined ? "GET" : "POST", headers } = {}) {
  const init = { method, headers };
  if (body !== undefined) init.body = headers ? body : JSON.stringify(body);
  const response = await fetch(path, init);
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(value.error || `The simulator answered ${response.status}.`);
  return value;
}

/** A line above the writing field; the next thing that is done takes it away. */
export function said(text) {
  $("note").textContent = text;
  $("note").hidden = !text;
}

const why = (error) => (error instanceof TypeError ? "The simulator does not answer. Is it running?" : error.message);

/** Runs something that a person asked for, and says what went wrong. */
export const tried = (work) => async (...args) => {
  said("");
  try {
    return await work(...args);
  } catch (error) {
    said(why(error));
    return undefined;
  }
};

/** Runs something again and again: it says what went wrong, and takes away nothing but what it said itself. */
export const watched = (work) => {
  let own = "";
  return async (...args) => {
    try {
      const made = await work(...args);
      if (own && $("note").textContent === own) said("");
      own = "";
      return made;
    } catch (error) {
      own = why(error);
      said(own);
      return undefined;
    }
  };
};

let answering = null;
let onQuote = () => {};
let onActed = () => {};

/** Which message the next one answers; `null` for none. */
export function quote(item) {
  answering = item ? item.wamid : null;
  onQuote(item);
}
export function listen({ quoted, acted }) {
  onQuote = quoted;
  onActed = acted;
}

/** The customer does something. Says `true` when it was done. */
export const act = tried(async (what) => {
  const context = answering && !what.context && !what.reaction && !what.edit && !what.revoke
    ? { context: { message_id: answering } }
    : {};
  await call("/_sim/inbound", { from: me.who, name: me.name || undefined, phone_number_id: me.number, ...what, ...context });
  quote(null);
  await onActed();
  return true;
});

/** Uploads a file of the customer; gives its id. */
export async function upload(bytes, type, filename) {
  const query = new URLSearchParams({ phone_number_id: me.number, filename });
  const { id } = await call(`/_sim/media?${query}`, bytes, { headers: { "content-type": type } });
  return id;
}

export const hue = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);
export const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
export const isWeb = (url) => /^https?:\/\//i.test(url || "");
export const visit = (url) => {
  if (isWeb(url)) window.open(url, "_blank", "noopener,noreferrer");
};

/** The messenger's own marks: *bold*, _italic_, ~struck~, `code`, and addresses. */
export function rich(text) {
  const out = document.createDocumentFragment();
  const marks = /(\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|`[^`\n]+`|https?:\/\/[^\s]+)/g;
  for (const piece of String(text ?? "").split(marks)) {
    const tag = { "*": "b", _: "i", "~": "s", "`": "code" }[piece[0]];
    if (tag && piece.length > 2 && piece.at(-1) === piece[0]) out.append(el(tag, {}, piece.slice(1, -1)));
    else if (isWeb(piece)) out.append(el("a", { href: piece, target: "_blank", rel: "noreferrer noopener" }, piece));
    else out.append(piece);
  }
  return out;
}

/** A button under a bubble. */
export const tap = (label, run, props = {}) =>
  el("button", { className: "tap", type: "button", onclick: run, ...props }, label);
