// The conversation as bubbles: days, turns, quotes, reactions, edits, deletions, ticks.
import { $, clock, el } from "./core.js";
import { content, plain } from "./bubbles.js";
import { options, react } from "./compose.js";

/** Reactions, edits and deletions change other messages; what is left are the messages. */
function folded(data) {
  const all = [];
  const byId = new Map();
  const reactions = new Map();
  for (const item of data) {
    const { type } = item.message;
    const target = byId.get(item.message[type]?.original_message_id);
    if (type === "reaction") {
      reactions.set(`${item.message.reaction?.message_id} ${item.by}`, item.message.reaction);
    } else if (type === "edit") {
      if (target) Object.assign(target, { message: { ...target.message, ...item.message.edit.message }, edited: true });
    } else if (type === "revoke") {
      if (target) target.deleted = true;
    } else {
      const shown = { ...item };
      all.push(shown);
      byId.set(item.wamid, shown);
    }
  }
  for (const { message_id, emoji } of [...reactions.values()].filter(Boolean)) {
    const target = byId.get(message_id);
    if (target && emoji) target.emojis = (target.emojis || "") + emoji;
  }
  return { all, byId };
}

function ticks(item) {
  const word = item.status === "read" ? "read" : "delivered";
  return el("span", { className: `ticks ${word}`, title: word, role: "img", ariaLabel: word }, "✓✓");
}

function above(item) {
  const context = item.message.context || {};
  if (context.forwarded || context.frequently_forwarded) {
    return el("span", { className: "foot" }, context.frequently_forwarded ? "↪ Forwarded many times" : "↪ Forwarded");
  }
  return item.message.referral ? el("span", { className: "said" }, `From an ad: ${item.message.referral.headline || item.message.referral.source_url || ""}`) : null;
}

function row(item, byId, side) {
  const mine = item.by === "customer";
  const shown = item.deleted ? { parts: [el("i", {}, "🚫 You deleted this message")] } : content(item);
  const to = item.deleted ? null : byId.get(item.message.context?.message_id);
  const quoted = to ? el("span", { className: "said" }, el("b", { className: "block" }, to.by === "customer" ? "You" : "Business"), plain(to).slice(0, 90)) : null;
  const time = el("span", { className: "time" }, item.edited ? "edited " : "", clock(item.at), mine ? ticks(item) : null);
  const bubble = el("div", { className: `bubble ${shown.bare ? "bare" : ""}` }, quoted, item.deleted ? null : above(item), shown.parts, time);
  const acts = el("span", { className: "acts" },
    el("button", { className: "icon", type: "button", ariaLabel: "React", onclick: () => react(item) }, "☺"),
    el("button", { className: "icon", type: "button", ariaLabel: "More", onclick: () => options(item) }, "⋯"));
  const node = el("div", { className: `row ${mine ? "mine" : ""} ${side === item.by ? "" : "turn"} ${shown.wide ? "wide" : ""}` },
    bubble, item.emojis ? el("span", { className: "emoji" }, item.emojis) : null, shown.below || [], shown.wide, item.deleted ? null : acts);
  bubble.ondblclick = () => options(item);
  node.dataset.wamid = item.wamid;
  node.dataset.by = item.by;
  return node;
}

export function draw(thread, follow = false) {
  const chat = $("chat");
  const atEnd = follow || chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const { all, byId } = folded(thread.data);
  const nodes = [];
  let day = "";
  let side = "";
  for (const item of all) {
    const date = new Date(item.at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
    if (date !== day) {
      nodes.push(el("div", { className: "day" }, date));
      day = date;
      side = "";
    }
    nodes.push(row(item, byId, side));
    side = item.by;
  }
  if (!nodes.length) nodes.push(el("p", { className: "empty" }, "No messages yet. Write one, and the business sees it at once."));
  if (thread.typing) nodes.push(el("div", { className: "row turn" }, el("div", { className: "bubble", ariaLabel: "typing" }, el("span", { className: "dots" }, el("i"), el("i"), el("i")))));
  chat.replaceChildren(...nodes);
  const toEnd = () => { if (atEnd) chat.scrollTop = chat.scrollHeight; };
  for (const picture of chat.querySelectorAll("img, video")) picture.onload = picture.onloadedmetadata = toEnd;
  toEnd();
}
