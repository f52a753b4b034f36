// Interactive messages, each kind with what a customer can do.
import { act, el, me, rich, said, tap, tried, visit } from "./core.js";
import { file } from "./bubbles.js";
import { choose, form, json, look, number } from "./forms.js";

/** Sends the answer to a message. */
const answer = (item, what) => act({ ...what, context: { message_id: item.wamid } });
const reply = (item, kind, picked) => answer(item, { type: "interactive", interactive: { type: kind, [kind]: picked } });

/** An order for products: how many of each, and for how much. */
export function shop(item, catalog, products, title = "Order") {
  const fields = products.map((id) => ({ name: `n:${id}`, label: `How many of ${id}`, value: "1", type: "number", min: "0", step: "1" }));
  const more = [
    { name: "price", label: "Price of each", value: "9.90", inputMode: "decimal" },
    { name: "currency", label: "Currency", value: "EUR", maxLength: 3 },
    { name: "text", label: "Words to the shop", value: "", required: false },
  ];
  form(title, [...fields, ...more], "Send order", (values) => {
    const item_price = number(values.price, "Price");
    const chosen = products.map((id) => ({ product_retailer_id: id, quantity: number(values[`n:${id}`], id), item_price, currency: values.currency.toUpperCase() }));
    const product_items = chosen.filter((one) => one.quantity > 0);
    if (!product_items.length) throw new Error("Take at least one.");
    const order = { catalog_id: String(catalog), product_items, ...(values.text ? { text: values.text } : {}) };
    return item ? answer(item, { type: "order", order }) : act({ type: "order", order });
  });
}

export function sendPlace(item) {
  const fields = [
    { name: "latitude", label: "Degrees north", value: "41.0256", inputMode: "decimal" },
    { name: "longitude", label: "Degrees east", value: "28.9741", inputMode: "decimal" },
    { name: "name", label: "What is there", value: "", required: false },
    { name: "address", label: "Where that is", value: "", required: false },
  ];
  form("Send a place", fields, "Send", (values) => {
    const location = { latitude: number(values.latitude, "Degrees north"), longitude: number(values.longitude, "Degrees east") };
    if (values.name) location.name = values.name;
    if (values.address) location.address = values.address;
    const what = { type: "location", location };
    return item ? answer(item, what) : act(what);
  });
}

function sharePhone(item) {
  const send = (phone) => {
    const digits = phone.replace(/\D/g, "");
    if (digits.length < 7) throw new Error("Write a phone number with its country code.");
    const vcard = `BEGIN:VCARD\nVERSION:3.0\nTEL:+${digits}\nEND:VCARD`;
    return answer(item, { type: "contacts", contacts: [{ origin: "contact_request", vcard, phones: [{ phone: `+${digits}`, wa_id: digits, type: "CELL" }] }] });
  };
  const value = me.who.startsWith("+") ? me.who : "";
  form("Share your phone number", [{ name: "phone", label: "Your number", value, inputMode: "tel" }], "Share", (values) => send(values.phone));
}

export function fillFlow(item, label, token, data) {
  const answers = JSON.stringify({ flow_token: token || "unused", ...(data || {}) }, null, 2);
  form(label, [{ name: "answers", label: "The answers that the flow gives, as JSON", value: answers, rows: 8 }], "Send answers", (values) =>
    reply(item, "nfm_reply", { name: "flow", body: "Sent", response_json: JSON.stringify(json(values.answers)) }));
}

function fillAddress(item, parameters) {
  const given = parameters?.values || {};
  const labels = { name: "Name", phone_number: "Phone number", in_pin_code: "Pin code", house_number: "House", address: "Street", landmark_area: "Landmark", city: "City", state: "State" };
  const wrong = parameters?.validation_errors || {};
  const fields = Object.entries(labels).map(([name, label]) => ({ name, label: wrong[name] ? `${label}: ${wrong[name]}` : label, value: given[name] || "", required: ["name", "in_pin_code", "city"].includes(name) }));
  form("Provide address", fields, "Send address", (filled) => {
    const values = Object.fromEntries(Object.entries(filled).filter(([, value]) => value));
    const body = `${values.name}\n ${values.in_pin_code}, ${values.city}`;
    return reply(item, "nfm_reply", { name: "address_message", body, response_json: JSON.stringify({ values }) });
  });
}

function permit(item) {
  const say = (response, more = {}) => () => reply(item, "call_permission_reply", { response, ...more });
  choose("May this business call you?", [
    { node: "Allow for 7 days", run: say("accept", { is_permanent: false }) },
    { node: "Always allow", run: say("accept", { is_permanent: true }) },
    { node: "Don’t allow", run: say("reject") },
  ]);
}

function pickRow(item, action) {
  const several = (action.sections || []).length > 1;
  choose(action.button, (action.sections || []).flatMap((section) => [
    ...(several || section.title ? [{ heading: section.title || "" }] : []),
    ...(section.rows || []).map((row) => ({ node: row.title, hint: row.description, run: () => reply(item, "list_reply", row) })),
  ]));
}

const productCard = (catalog, id) => el("span", { className: "card" }, el("span", { className: "sort sign" }, "🛍"), el("span", {}, el("b", { className: "block" }, id || "Product"), el("small", {}, `Catalogue ${catalog || ""}`)));

/** Buttons of a carousel's card, or of a message. */
function cardOf(item, card) {
  const action = card.action || {};
  const product = action.product_retailer_id;
  const below = (action.buttons || []).map(({ quick_reply: b }) => tap(`↩ ${b?.title}`, () => reply(item, "button_reply", { id: b.id, title: b.title })));
  if (action.parameters?.url) below.push(tap(`↗ ${action.parameters.display_text}`, () => visit(action.parameters.url)));
  if (product) below.push(tap("View", () => shop(item, action.catalog_id, [product], product)));
  const head = product ? productCard(action.catalog_id, product) : file(card.header?.type, card.header?.[card.header?.type]);
  return el("div", { className: "slide" }, head, card.body?.text ? el("span", { className: "text" }, rich(card.body.text)) : null, below);
}

/** Cards to swipe. */
export const slides = (nodes) => el("div", { className: "slides", tabIndex: 0, role: "group", ariaLabel: "Cards" }, nodes);

function details(parameters) {
  const order = parameters?.order || {};
  const money = (amount) => (amount ? `${(Number(amount.value) / Number(amount.offset || 100)).toFixed(2)} ${parameters.currency || ""}` : "");
  const lines = (order.items || []).map((one) => el("p", {}, `${one.quantity} × ${one.name || one.retailer_id} ${money(one.amount)}`));
  look(parameters?.reference_id || "Order", ...lines, el("p", {}, el("b", {}, `Total ${money(parameters?.total_amount)}`), order.status ? ` · ${order.status}` : ""));
}

function below(item, body) {
  const action = body.action || {};
  const given = action.parameters || {};
  switch (body.type) {
    case "button": return (action.buttons || []).map(({ reply: b }) => tap(`↩ ${b?.title}`, () => reply(item, "button_reply", { id: b.id, title: b.title })));
    case "list": return [tap(`☰ ${action.button}`, () => pickRow(item, action))];
    case "cta_url": return [tap(`↗ ${given.display_text}`, () => visit(given.url))];
    case "flow": return [tap(given.flow_cta || "Open", () => fillFlow(item, given.flow_cta, given.flow_token, given.flow_action_payload?.data))];
    case "product": return [tap("View", () => shop(item, action.catalog_id, [action.product_retailer_id], action.product_retailer_id))];
    case "product_list": return [tap("View items", () => shop(item, action.catalog_id, (action.sections || []).flatMap((s) => (s.product_items || []).map((p) => p.product_retailer_id)), body.header?.text))];
    case "catalog_message": return [tap("View catalogue", () => shop(item, "catalogue", [given.thumbnail_product_retailer_id || "ITEM-1"], "Catalogue"))];
    case "location_request_message": return [tap("📍 Send location", () => sendPlace(item))];
    case "address_message": return [tap("Provide address", () => fillAddress(item, given))];
    case "call_permission_request": return [tap("📞 Choose preference", () => permit(item))];
    case "voice_call": return [tap(`📞 ${given.display_text || "Call"}`, () => said("This phone makes no calls: calls are signalled by their own webhooks."))];
    case "request_contact_info": return [tap("Share phone number", () => sharePhone(item))];
    case "order_details": return [tap("Review and pay", () => details(given))];
    case "order_status": return [tap("Review order", () => details(given))];
    default: return [];
  }
}

/** What an answer of the customer's own says. */
function answered(body) {
  if (body.button_reply) return { parts: [rich(body.button_reply.title)] };
  if (body.list_reply) return { parts: [el("b", { className: "block" }, body.list_reply.title), body.list_reply.description ? el("span", { className: "foot" }, body.list_reply.description) : null] };
  if (body.call_permission_reply) return { parts: [el("i", {}, body.call_permission_reply.response === "accept" ? "📞 You allowed calls" : "📞 You declined calls")] };
  const form = body.nfm_reply;
  const shown = tried(async () => look("What was sent", el("pre", {}, JSON.stringify(JSON.parse(form.response_json), null, 2))));
  return { parts: [el("span", { className: "card" }, el("span", { className: "sort sign" }, "✓"), form.body || "Sent")], below: [tap("View response", shown)] };
}

export function interactive(item, body) {
  if (/_reply$/.test(body.type || "")) return answered(body);
  const head = body.header?.type === "text" ? el("span", { className: "head" }, rich(body.header.text)) : file(body.header?.type, body.header?.[body.header?.type]);
  const product = body.type === "product" ? productCard(body.action?.catalog_id, body.action?.product_retailer_id) : null;
  const foot = body.footer?.text ? el("span", { className: "foot" }, body.footer.text) : null;
  const wide = body.type === "carousel" ? slides((body.action?.cards || []).map((card) => cardOf(item, card))) : null;
  return { parts: [head, product, rich(body.body?.text), foot], below: below(item, body), wide };
}
