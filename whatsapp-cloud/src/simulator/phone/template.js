// Templates as the customer sees them: header, words, offer, buttons, cards.
import { act, el, rich, said, tap, visit, world } from "./core.js";
import { file, place } from "./bubbles.js";
import { fillFlow, shop, slides } from "./interactive.js";

const copied = async (code) => {
  try { await navigator.clipboard.writeText(code); said(`Copied: ${code}`); }
  catch { said(`The code is ${code}`); }
};

function button(item, b) {
  const answer = () => act({ type: "button", button: { payload: b.payload, text: b.text }, context: { message_id: item.wamid } });
  const products = (b.action?.sections || []).flatMap((s) => (s.product_items || []).map((p) => p.product_retailer_id));
  switch (b.type) {
    case "quick_reply": return tap(`↩ ${b.text}`, answer);
    case "url": return b.code ? tap(`⧉ ${b.text || "Copy code"}`, () => copied(b.code)) : tap(`↗ ${b.text}`, () => visit(b.url), { disabled: !b.url });
    case "phone_number": return tap(`📞 ${b.text}`, () => said(`This phone makes no calls. The number is ${b.phone_number}.`));
    case "copy_code": return tap(`⧉ ${b.text || "Copy offer code"}`, () => copied(b.code || ""));
    case "otp": return tap(`⧉ ${b.text || "Copy code"}`, () => copied(b.code || ""));
    case "flow": return tap(b.text, () => fillFlow(item, b.text, b.action?.flow_token, b.action?.flow_action_data));
    case "catalog": return tap(b.text || "View catalogue", () => shop(item, "catalogue", [b.action?.thumbnail_product_retailer_id || "ITEM-1"], "Catalogue"));
    case "mpm": return tap(b.text || "View items", () => shop(item, "catalogue", products.length ? products : ["ITEM-1"], "Items"));
    case "spm": return tap(b.text || "View", () => shop(item, "catalogue", ["ITEM-1"], "Product"));
    case "voice_call": return tap(`📞 ${b.text || "Call"}`, () => said("This phone makes no calls: calls are signalled by their own webhooks."));
    default: return tap(b.text || b.type, () => {}, { disabled: true });
  }
}

function media(shown) {
  const { kind, object } = shown.media || {};
  if (!kind) return null;
  if (kind === "location") return object ? place(object) : null;
  if (kind === "product") return el("span", { className: "card" }, el("span", { className: "sort sign" }, "🛍"), object?.product_retailer_id || "Product");
  return file(kind, object);
}

function offer(shown) {
  if (!shown.offer) return null;
  const ends = Number(shown.offer.ends_ms);
  const over = ends && ends < world.now;
  const when = ends ? `${over ? "Ended" : "Ends"} ${new Date(ends).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}` : "";
  const code = (shown.buttons || []).find((b) => b.type === "copy_code")?.code;
  return el("span", { className: "card offer" }, el("span", { className: "sort sign" }, "⏳"), el("span", {}, el("b", { className: "block" }, shown.offer.text || "Offer"), el("small", {}, [when, code && `Code ${code}`].filter(Boolean).join(" · "))));
}

const slide = (item, shown) => el("div", { className: "slide" }, media(shown), shown.body ? el("span", { className: "text" }, rich(shown.body)) : null, (shown.buttons || []).map((b) => button(item, b)));

export function template(item) {
  const shown = item.template;
  const head = shown.header ? el("span", { className: "head" }, rich(shown.header)) : null;
  const foot = shown.footer ? el("span", { className: "foot" }, shown.footer) : null;
  const unasked = (shown.buttons || []).some((b) => b.type === "otp" || (b.type === "url" && b.code));
  const below = (shown.buttons || []).map((b) => button(item, b));
  if (unasked) {
    const text = "I didn't request a code";
    below.push(tap(text, () => act({ type: "button", button: { payload: "DID_NOT_REQUEST_CODE", text }, context: { message_id: item.wamid } })));
  }
  const wide = shown.cards?.length ? slides(shown.cards.map((card) => slide(item, card))) : null;
  return { parts: [head, media(shown), offer(shown), rich(shown.body), foot].flat(), below, wide };
}
