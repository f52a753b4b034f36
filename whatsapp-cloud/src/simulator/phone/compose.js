// What the customer sends: text, files, stickers, voice notes, places, contacts, orders and the rest; and what can
// be done with a message: react, answer, edit, delete.
import { $, act, call, el, me, quote, said, tried, upload } from "./core.js";
import { plain } from "./bubbles.js";
import { choose, form, json } from "./forms.js";
import { sendPlace, shop } from "./interactive.js";

const sendFile = tried(async (picked) => {
  const type = picked.type === "image/webp" ? "sticker" : ["image", "video", "audio"].find((kind) => picked.type.startsWith(kind)) || "document";
  const id = await upload(picked, picked.type || "text/plain", picked.name);
  const caption = $("text").value.trim();
  const captioned = caption && type !== "audio" && type !== "sticker";
  if (captioned) $("text").value = "";
  await act({ type, [type]: { id, ...(captioned ? { caption } : {}) } });
});

/** A sticker is drawn: an emoji on 512 by 512 clear points. */
function sticker() {
  const send = (emoji) => tried(async () => {
    const canvas = el("canvas", { width: 512, height: 512 });
    const pen = canvas.getContext("2d");
    pen.font = "400px system-ui";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(emoji, 256, 280);
    const bytes = await new Promise((done) => canvas.toBlob(done, "image/webp", 0.6));
    if (bytes?.type !== "image/webp") return act({ type: "sticker", sticker: {} });
    return act({ type: "sticker", sticker: { id: await upload(bytes, "image/webp", "sticker.webp") } });
  });
  choose("Sticker", ["🎉", "🥳", "😍", "😭", "🔥", "🙈", "🌮", "🚀", "💐", "🐈", "🤝", "✅"].map((emoji) => ({ node: emoji, run: send(emoji) })), "emojis");
}

function contact() {
  form("Send a contact", [
    { name: "name", label: "Name", value: "Deniz Aksoy" },
    { name: "phone", label: "Phone number", value: "+905550100445", inputMode: "tel" },
    { name: "company", label: "Company", value: "", required: false },
  ], "Send", (values) => {
    const [first_name, ...rest] = values.name.trim().split(/\s+/);
    const name = { formatted_name: values.name.trim(), first_name, ...(rest.length ? { last_name: rest.join(" ") } : {}) };
    const phones = [{ phone: values.phone, wa_id: values.phone.replace(/\D/g, ""), type: "CELL" }];
    return act({ type: "contacts", contacts: [{ name, phones, ...(values.company ? { org: { company: values.company } } : {}) }] });
  });
}

function order() {
  form("Order from a catalogue", [
    { name: "catalog", label: "Catalogue", value: "512204418890034", inputMode: "numeric" },
    { name: "products", label: "Products, one a line", value: "TENT-2P-GRN", rows: 3 },
  ], "Next", (values) => {
    const products = values.products.split("\n").map((id) => id.trim()).filter(Boolean);
    if (!products.length) throw new Error("Name at least one product.");
    setTimeout(() => shop(null, values.catalog, products), 0);
  });
}

function raw() {
  const example = JSON.stringify({ type: "text", text: { body: "Hello! Can I get more info on this?" }, referral: { source_url: "https://fb.me/example", source_id: "120231447708120551", source_type: "ad", headline: "Chat with us", body: "Autumn sale", media_type: "image", ctwa_clid: "ARAk" } }, null, 2);
  form("Any act, as JSON", [{ name: "act", label: "As POST /_sim/inbound takes it; here: a tap on an ad", value: example, rows: 12 }], "Do it", (values) => act(json(values.act)));
}

function more() {
  const unsupported = (type) => () => act({ type: "unsupported", unsupported: { type } });
  choose("Send", [
    { node: "📷 Picture, film, sound or document", run: () => $("file").click() },
    { node: "🎤 Voice note", hint: "Two seconds of silence", run: () => act({ type: "audio", audio: { voice: true } }) },
    { node: "🙂 Sticker", run: sticker },
    { node: "📍 Place", run: () => sendPlace(null) },
    { node: "👤 Contact", run: contact },
    { node: "🛒 Order", run: order },
    { node: "📊 Poll", hint: "Businesses get it as unsupported", run: unsupported("poll") },
    { node: "{ } Any act, as JSON", hint: "A tap on an ad, a forwarded message, a kind of tomorrow", run: raw },
  ]);
}

export const react = (item) => choose("React", ["👍", "❤️", "😂", "😮", "🙏", ""].map((emoji) => ({
  node: emoji || "✕", run: () => act({ type: "reaction", reaction: { message_id: item.wamid, ...(emoji ? { emoji } : {}) } }),
})), "emojis");

function edit(item) {
  const type = item.message.type || "text";
  const value = type === "text" ? item.message.text?.body : item.message[type]?.caption;
  form("Edit", [{ name: "body", label: "New words", value: value || "", rows: 4 }], "Save", (values) =>
    act({ type: "edit", edit: { original_message_id: item.wamid, body: values.body } }));
}

/** All that can be done with a message. */
export function options(item) {
  const mine = item.by === "customer";
  const words = ["text", "image", "video", "document"].includes(item.message.type || "text");
  choose(plain(item).slice(0, 60), [
    { node: "☺ React", run: () => react(item) },
    { node: "↩ Answer", run: () => quote(item) },
    ...(mine && words ? [{ node: "✎ Edit", hint: "For 15 minutes", run: () => edit(item) }] : []),
    ...(mine ? [{ node: "🗑 Delete for everyone", hint: "For 2 days", run: () => act({ type: "revoke", revoke: { original_message_id: item.wamid } }) }] : []),
    { node: "{ } Look at its JSON", run: () => form("As it went over the wire", [{ name: "json", label: item.wamid, value: JSON.stringify(item.message, null, 2), rows: 14 }], "Close", () => {}) },
  ]);
}

/** Connects the writing line. */
export function compose(refresh) {
  $("write").onsubmit = (event) => {
    event.preventDefault();
    const body = $("text").value.trim();
    if (!body) return;
    $("text").value = "";
    act({ type: "text", text: { body } }).then((done) => {
      // What was not sent is not lost.
      if (!done && !$("text").value) $("text").value = body;
    });
  };
  $("text").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("write").requestSubmit();
    }
  };
  $("attach").onclick = more;
  $("file").onchange = async () => {
    const [picked] = $("file").files;
    if (picked) await sendFile(picked);
    $("file").value = "";
  };
  $("unquote").onclick = () => quote(null);
  $("stop").onclick = tried(async () => {
    const stop = $("stop").getAttribute("aria-pressed") !== "true";
    await call("/_sim/preference", { from: me.who, phone_number_id: me.number, stop });
    await refresh();
    said(stop ? "This business sends you no marketing any more." : "This business may send you marketing again.");
  });
  $("block").onclick = tried(async () => {
    const block = $("block").getAttribute("aria-pressed") !== "true";
    await call("/_sim/block", { from: me.who, phone_number_id: me.number, block });
    await refresh();
  });
}
