"use strict";
const $ = (id) => document.getElementById(id);
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
};
const asked = new URLSearchParams(location.search);
const kept = JSON.parse(localStorage.getItem("phone") || "{}");
const me = {
  number: asked.get("number") || kept.number || "",
  who: asked.get("who") || kept.who || "+5511981234567",
  name: asked.get("name") || kept.name || "Ana Souza",
};
let numbers = [];
let shown = "";
let answering = null;

async function call(path, body, headers) {
  const init = body === undefined ? {} : { method: "POST", body: headers ? body : JSON.stringify(body), headers };
  const response = await fetch(path, init);
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(value.error || `The simulator answered ${response.status}.`);
  return value;
}
const said = (text) => { $("note").textContent = text; $("note").hidden = !text; };
const tried = (work) => async (...args) => {
  try { const made = await work(...args); said(""); return made; }
  catch (error) { said(error instanceof TypeError ? "The simulator does not answer. Is it running?" : error.message); }
};
const hue = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const act = tried(async (what) => {
  const context = answering && !what.reaction && !what.context ? { context: { message_id: answering } } : {};
  await call("/_sim/inbound", { from: me.who, name: me.name, phone_number_id: me.number, ...what, ...context });
  quote(null);
  await refresh();
});

/** The messenger's own marks: *bold*, _italic_, ~struck~, `code`, and addresses. */
function rich(text) {
  const out = document.createDocumentFragment();
  const marks = /(\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|`[^`\n]+`|https?:\/\/[^\s]+)/g;
  for (const piece of String(text ?? "").split(marks)) {
    const tag = { "*": "b", _: "i", "~": "s", "`": "code" }[piece[0]];
    if (tag && piece.length > 2 && piece.at(-1) === piece[0]) out.append(el(tag, {}, piece.slice(1, -1)));
    else if (/^https?:/.test(piece)) out.append(el("a", { href: piece, target: "_blank", rel: "noreferrer noopener" }, piece));
    else out.append(piece);
  }
  return out;
}
function file(kind, object) {
  if (!object) return null;
  const src = object.id ? `/_sim/media/${encodeURIComponent(object.id)}` : object.link;
  if (kind === "image" || kind === "sticker") return el("img", { src, alt: object.caption || "Picture" });
  if (kind === "video") return el("video", { src, controls: true });
  if (kind === "audio") return el("audio", { src, controls: true });
  return el("a", { className: "card", href: src, target: "_blank", rel: "noreferrer" }, "📄 ", object.filename || "Document");
}
const visit = (url) => { if (/^https?:/.test(url || "")) window.open(url, "_blank", "noreferrer"); };
const tap = (label, run, props) => el("button", { className: "tap", type: "button", onclick: run, ...props }, label);

/** What a bubble shows, and the buttons under it. */
function content(item) {
  const { message: m, template: t, wamid } = item;
  const type = m.type || "text";
  const context = { context: { message_id: wamid } };
  if (t) {
    const head = t.header ? el("span", { className: "head" }, rich(t.header)) : null;
    const media = t.media ? file(t.media.kind, t.media.object) : null;
    const foot = t.footer ? el("span", { className: "foot" }, t.footer) : null;
    const buttons = (t.buttons || []).map((b) => b.type === "quick_reply"
      ? tap(`↩ ${b.text}`, () => act({ type: "button", button: { payload: b.payload, text: b.text }, ...context }))
      : tap(b.type === "url" ? `↗ ${b.text}` : b.text, () => visit(b.url), { disabled: !b.url }));
    return [[head, media, rich(t.body), foot], buttons];
  }
  const body = m[type] || {};
  switch (type) {
    case "text": return [[rich(body.body)], []];
    case "image": case "video": case "audio": case "document": case "sticker":
      return [[file(type, body), body.caption ? rich(body.caption) : null], []];
    case "location": return [["📍 ", body.name || `${body.latitude}, ${body.longitude}`, body.address ? el("span", { className: "foot" }, body.address) : null], []];
    case "contacts": return [(Array.isArray(body) ? body : []).map((c) => el("span", { className: "card" }, "👤 ", c.name?.formatted_name || "Contact")), []];
    case "button": return [[rich(body.text)], []];
    case "interactive": return interactive(body, context);
    default: return [[el("i", {}, `A message of type ${type}`)], []];
  }
}
function interactive(body, context) {
  const chosen = body.button_reply || body.list_reply;
  if (chosen) return [[rich(chosen.title)], []];
  const head = body.header?.text ? el("span", { className: "head" }, rich(body.header.text)) : file(body.header?.type, body.header?.[body.header?.type]);
  const foot = body.footer?.text ? el("span", { className: "foot" }, body.footer.text) : null;
  const reply = (kind, picked) => act({ type: "interactive", interactive: { type: kind, [kind]: picked }, ...context });
  const buttons = (body.action?.buttons || []).map((b) => tap(`↩ ${b.reply?.title}`, () => reply("button_reply", { id: b.reply?.id, title: b.reply?.title })));
  const rows = (body.action?.sections || []).flatMap((s) => s.rows || []);
  if (rows.length) buttons.push(tap(`☰ ${body.action.button}`, () => choose(rows.map((row) => ({
    node: el("span", {}, row.title, row.description ? el("small", {}, row.description) : null), run: () => reply("list_reply", row),
  })))));
  const link = body.action?.parameters;
  if (link?.url) buttons.push(tap(`↗ ${link.display_text}`, () => visit(link.url)));
  return [[head, rich(body.body?.text), foot], buttons];
}
function choose(options, emojis = false) {
  $("choices").className = emojis ? "emojis" : "";
  $("choices").replaceChildren(...options.map(({ node, run }) => el("button", { type: "button", onclick: () => { $("sheet").close(); run(); } }, node)));
  $("sheet").showModal();
}
const react = (wamid) => choose(["👍", "❤️", "😂", "😮", "🙏", ""].map((emoji) => ({
  node: emoji || "✕", run: () => act({ type: "reaction", reaction: { message_id: wamid, emoji } }),
})), true);
function quote(item) {
  answering = item ? item.wamid : null;
  $("quote").hidden = !item;
  if (item) { $("quoted").textContent = plain(item); $("text").focus(); }
}
const plain = (item) => item.template?.body || item.message.text?.body || item.message.button?.text || item.message[item.message.type]?.caption || item.message.type || "";

function draw(thread) {
  const chat = $("chat");
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const all = thread.data.filter((item) => item.message.type !== "reaction");
  const reactions = new Map();
  for (const item of thread.data) {
    if (item.message.type === "reaction") reactions.set(item.message.reaction?.message_id + item.by, [item.message.reaction?.message_id, item.message.reaction?.emoji]);
  }
  const byId = new Map(all.map((item) => [item.wamid, item]));
  const nodes = [];
  let day = "", side = "";
  for (const item of all) {
    const date = new Date(item.at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
    if (date !== day) { nodes.push(el("div", { className: "day" }, date)); day = date; side = ""; }
    const mine = item.by === "customer";
    const [parts, buttons] = content(item);
    const to = byId.get(item.message.context?.message_id);
    const ticks = mine ? el("span", { className: `ticks ${item.status}`, title: item.status, ariaLabel: item.status }, "✓✓") : null;
    const bubble = el("div", { className: "bubble" }, to ? el("span", { className: "said" }, plain(to).slice(0, 90)) : null, ...parts, el("span", { className: "time" }, clock(item.at), ticks));
    const acts = el("span", { className: "acts" },
      el("button", { className: "icon", type: "button", ariaLabel: "React", onclick: () => react(item.wamid) }, "☺"),
      el("button", { className: "icon", type: "button", ariaLabel: "Answer", onclick: () => quote(item) }, "↩"));
    const emojis = [...reactions.values()].filter(([id, emoji]) => id === item.wamid && emoji).map(([, emoji]) => emoji).join("");
    const row = el("div", { className: `row ${mine ? "mine" : ""} ${side === item.by ? "" : "turn"}` }, bubble, emojis ? el("span", { className: "emoji" }, emojis) : null, ...buttons, acts);
    row.dataset.wamid = item.wamid;
    row.dataset.by = item.by;
    nodes.push(row);
    side = item.by;
  }
  if (!nodes.length) nodes.push(el("p", { className: "empty" }, "No messages yet. Write one, and the business sees it at once."));
  if (thread.typing) nodes.push(el("div", { className: "row turn" }, el("div", { className: "bubble", ariaLabel: "typing" }, el("span", { className: "dots" }, el("i"), el("i"), el("i")))));
  chat.replaceChildren(...nodes);
  const toEnd = () => { if (atEnd) chat.scrollTop = chat.scrollHeight; };
  chat.querySelectorAll("img").forEach((image) => { image.onload = toEnd; });
  toEnd();
}
const refresh = tried(async () => {
  if (!me.number) return;
  const query = new URLSearchParams({ phone_number_id: me.number, who: me.who });
  const thread = await call(`/_sim/thread?${query}`);
  const now = JSON.stringify([me, thread]);
  if (now !== shown) { draw(thread); shown = now; }
  $("stop").setAttribute("aria-pressed", String(thread.stopped));
  const unread = thread.data.some((item) => item.by === "business" && item.status === "delivered");
  if (unread && !document.hidden) await call("/_sim/open", { phone_number_id: me.number, who: me.who });
});
const people = tried(async () => {
  if (!me.number) return;
  const { data } = await call(`/_sim/threads?${new URLSearchParams({ phone_number_id: me.number })}`);
  const item = (p) => {
    const face = el("span", { className: "face" }, (p.name || p.who).replace("+", "").slice(0, 1).toUpperCase());
    face.style.setProperty("--hue", hue(p.who));
    const button = el("button", { type: "button", onclick: () => hold({ who: p.who, name: p.name || "" }) }, face, el("span", {}, p.name || p.who, el("small", {}, p.name ? p.who : "")));
    if (p.who === me.who) button.setAttribute("aria-current", "true");
    return el("li", {}, button);
  };
  $("people").replaceChildren(...(data.length ? data.map(item) : [el("li", { className: "none" }, "Nobody has written yet.")]));
});
function hold(change) {
  Object.assign(me, change);
  localStorage.setItem("phone", JSON.stringify(me));
  const number = numbers.find((n) => n.id === me.number);
  $("who").value = me.who; $("name").value = me.name; $("number").value = me.number;
  $("title").textContent = number?.verified_name || "…";
  $("subtitle").textContent = `${number?.phone || ""} · you are ${me.name || me.who}`;
  $("face").textContent = (number?.verified_name || "?").slice(0, 1);
  $("face").style.setProperty("--hue", hue(number?.id || ""));
  document.body.classList.remove("choosing");
  shown = ""; quote(null); refresh(); people();
}

$("number").onchange = () => hold({ number: $("number").value });
$("person").onsubmit = (event) => { event.preventDefault(); const who = $("who").value.trim(); hold({ who: /^[+\d]/.test(who) ? `+${who.replace(/\D/g, "")}` : who, name: $("name").value.trim() }); };
$("write").onsubmit = (event) => { event.preventDefault(); const body = $("text").value.trim(); if (body) { $("text").value = ""; act({ type: "text", text: { body } }); } };
$("text").onkeydown = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").requestSubmit(); } };
$("file").onchange = tried(async () => {
  const [picked] = $("file").files;
  if (!picked) return;
  const query = new URLSearchParams({ phone_number_id: me.number, filename: picked.name });
  const { id } = await call(`/_sim/media?${query}`, picked, { "content-type": picked.type });
  const type = picked.type === "image/webp" ? "sticker" : ["image", "video", "audio"].find((kind) => picked.type.startsWith(kind)) || "document";
  const caption = $("text").value.trim();
  $("file").value = ""; $("text").value = "";
  await act({ type, [type]: { id, ...(caption && type !== "audio" ? { caption } : {}) } });
});
$("stop").onclick = tried(async () => { await call("/_sim/preference", { from: me.who, phone_number_id: me.number, stop: $("stop").getAttribute("aria-pressed") !== "true" }); await refresh(); });
$("unquote").onclick = () => quote(null);
$("back").onclick = () => document.body.classList.add("choosing");
const paint = (theme) => { if (theme) document.documentElement.dataset.theme = theme; };
paint(localStorage.getItem("phone-theme"));
$("theme").onclick = () => { const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches); const next = dark ? "light" : "dark"; localStorage.setItem("phone-theme", next); paint(next); };
tried(async () => {
  const world = await call("/_sim/world");
  numbers = world.wabas.flatMap((waba) => waba.phone_numbers);
  $("number").replaceChildren(...numbers.map((n) => el("option", { value: n.id }, `${n.verified_name} · ${n.phone}`)));
  hold({ number: numbers.some((n) => n.id === me.number) ? me.number : numbers[0].id });
  setInterval(refresh, 700);
  setInterval(people, 3000);
})();
