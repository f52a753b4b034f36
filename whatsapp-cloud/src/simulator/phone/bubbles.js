// What a bubble shows of each plain kind of message, of either side.
import { el, isWeb, rich, tap, visit } from "./core.js";
import { interactive } from "./interactive.js";
import { look } from "./forms.js";
import { template } from "./template.js";

/** A file by id or link. */
export function file(kind, object) {
  if (!object) return null;
  const src = object.id ? `/_sim/media/${encodeURIComponent(object.id)}` : object.link;
  if (!object.id && !isWeb(src)) return el("span", { className: "card" }, "A file without an address");
  const broken = (event) => event.target.replaceWith(el("span", { className: "card" }, `This ${kind} cannot be shown here`));
  if (kind === "image" || kind === "sticker") return el("img", { src, alt: object.caption || (kind === "sticker" ? "Sticker" : "Picture"), className: kind, onerror: broken });
  if (kind === "video" || kind === "gif") return el("video", { src, controls: kind === "video", autoplay: kind === "gif", loop: kind === "gif", muted: kind === "gif", playsInline: true });
  if (kind === "audio") {
    return el("span", { className: object.voice ? "voice" : "sound" }, object.voice ? el("span", { className: "mic", ariaHidden: "true" }, "🎤") : null, el("audio", { src, controls: true, ariaLabel: object.voice ? "Voice note" : "Sound" }));
  }
  const name = object.filename || "Document";
  const sort = name.includes(".") ? name.split(".").at(-1).slice(0, 4).toUpperCase() : "FILE";
  return el("a", { className: "card", href: src, target: "_blank", rel: "noreferrer" }, el("span", { className: "sort" }, sort), name);
}

export function place(object) {
  const { latitude, longitude, name, address } = object;
  const map = el("a", {
    className: "map", target: "_blank", rel: "noreferrer", ariaLabel: "Show on a map",
    href: `https://www.openstreetmap.org/?mlat=${encodeURIComponent(latitude)}&mlon=${encodeURIComponent(longitude)}#map=16/${encodeURIComponent(latitude)}/${encodeURIComponent(longitude)}`,
  }, el("span", { className: "pin", ariaHidden: "true" }, "📍"));
  const title = name || `${latitude}, ${longitude}`;
  return [map, el("b", { className: "block" }, title), name && address ? el("span", { className: "foot" }, address) : null];
}

function cards(list) {
  return (Array.isArray(list) ? list : []).map((card) => {
    const phones = (card.phones || []).map((p) => p.phone || p.wa_id).filter(Boolean);
    const name = card.name?.formatted_name || phones[0] || "Contact";
    const rows = [
      ...phones, ...(card.emails || []).map((e) => e.email), ...(card.urls || []).map((u) => u.url),
      [card.org?.title, card.org?.department, card.org?.company].filter(Boolean).join(", "),
      ...(card.addresses || []).map((a) => [a.street, a.city, a.state, a.zip, a.country].filter(Boolean).join(", ")),
      card.birthday,
    ].filter(Boolean);
    return el("button", { type: "button", className: "card wide", onclick: () => look(name, ...rows.map((row) => el("p", {}, rich(row)))) },
      el("span", { className: "face small", ariaHidden: "true" }, name.slice(0, 1).toUpperCase()),
      el("span", {}, el("b", { className: "block" }, name), el("small", {}, phones[0] || rows[0] || "")));
  });
}

function order(body) {
  const items = body.product_items || [];
  const total = items.reduce((sum, item) => sum + Number(item.quantity) * Number(item.item_price), 0);
  const lines = items.map((item) => el("p", {}, `${item.quantity} × ${item.product_retailer_id}: ${item.item_price} ${item.currency}`));
  return [
    el("button", { type: "button", className: "card wide", onclick: () => look("Order", ...lines) },
      el("span", { className: "sort sign" }, "🛒"), el("span", {}, el("b", { className: "block" }, `${items.length} item${items.length === 1 ? "" : "s"}`), el("small", {}, `${total.toFixed(2)} ${items[0]?.currency || ""} (estimated)`))),
    body.text ? rich(body.text) : null,
  ];
}

/** The first address of a text, as a small card. */
function preview(body) {
  const url = /https?:\/\/[^\s]+/.exec(body.body || "")?.[0];
  if (!body.preview_url || !url) return null;
  let host = url;
  try { host = new URL(url).host; } catch { /* shown as it is */ }
  return el("a", { className: "card", href: url, target: "_blank", rel: "noreferrer noopener" }, el("span", { className: "sort sign" }, "🔗"), host);
}

/** What a bubble shows, what stands under it, and whether it has no bubble at all. */
export function content(item) {
  const { message } = item;
  const type = message.type || "text";
  if (item.template && Object.keys(item.template).length) return template(item);
  const body = message[type] || {};
  switch (type) {
    case "text": return { parts: [preview(body), rich(body.body)] };
    case "sticker": return { parts: [file(type, body)], bare: true };
    case "image": case "video": case "audio": case "document":
      return { parts: [file(type, body), body.caption ? rich(body.caption) : null] };
    case "location": return { parts: place(body), below: body.url ? [tap("Open", () => visit(body.url))] : [] };
    case "contacts": return { parts: cards(body) };
    case "button": return { parts: [rich(body.text)] };
    case "order": return { parts: order(body) };
    case "interactive": return interactive(item, body);
    case "unsupported": return { parts: [el("i", {}, `You sent ${message.unsupported?.type ? `a message of type ${message.unsupported.type}` : "something"} that businesses cannot see`)] };
    case "request_welcome": return { parts: [el("i", {}, "You opened the chat for the first time")] };
    default: return { parts: [el("i", {}, `A message of type ${type}`)] };
  }
}

/** One line for quotes and lists. */
export function plain({ message, template: shown }) {
  const body = message[message.type || "text"];
  const text = shown?.body || body?.body?.text || body?.body || body?.text || body?.caption || body?.filename || body?.name;
  const picked = body?.button_reply?.title || body?.list_reply?.title;
  return String((typeof text === "string" && text) || picked || { image: "📷 Picture", video: "🎬 Film", audio: "🎤 Sound", sticker: "Sticker", document: "📄 Document", location: "📍 Place", contacts: "👤 Contact", order: "🛒 Order" }[message.type] || message.type);
}
