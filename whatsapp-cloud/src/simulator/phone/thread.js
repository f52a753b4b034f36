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

/** What a message looks like; one that nobody can draw is told as such, and takes no other with it. */
function drawn(item) {
  try {
    return content(item);
  } catch {
    return { parts: [el("i", {}, `A message of type ${item.message.type || "text"} that cannot be shown`)] };
  }
}

function row(item, byId, side) {
  const mine = item.by === "customer";
  const gone = mine ? "🚫 You deleted this message" : "🚫 This message was deleted";
  const shown = item.deleted ? { parts: [el("i", {}, gone)] } : drawn(item);
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

/** Nodes by what they show: what is the same stays where it is, with its focus and the sound that plays in it. */
let kept = new Map();
function put(chat, pieces) {
  const next = new Map();
  const nodes = pieces.map(([key, make]) => {
    const node = kept.get(key) || make();
    next.set(key, node);
    return node;
  });
  kept = next;
  for (const old of [...chat.children]) if (!nodes.includes(old)) old.remove();
  nodes.forEach((node, at) => {
    if (chat.children[at] !== node) chat.insertBefore(node, chat.children[at] || null);
  });
}

export function draw(thread, follow = false) {
  const chat = $("chat");
  const atEnd = follow || chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const { all, byId } = folded(thread.data);
  const pieces = [];
  let day = "";
  let side = "";
  for (const item of all) {
    const date = new Date(item.at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
    if (date !== day) {
      pieces.push([`day ${date}`, () => el("div", { className: "day" }, date)]);
      day = date;
      side = "";
    }
    const turn = side;
    const quoted = byId.get(item.message.context?.message_id);
    pieces.push([JSON.stringify([item, turn, quoted?.message]), () => row(item, byId, turn)]);
    side = item.by;
  }
  if (!pieces.length) pieces.push(["empty", () => el("p", { className: "empty" }, "No messages yet. Write one, and the business sees it at once.")]);
  if (thread.typing) pieces.push(["typing", () => el("div", { className: "row turn" }, el("div", { className: "bubble", ariaLabel: "typing" }, el("span", { className: "dots" }, el("i"), el("i"), el("i"))))]);
  put(chat, pieces);
  const toEnd = () => { if (atEnd) chat.scrollTop = chat.scrollHeight; };
  for (const picture of chat.querySelectorAll("img, video")) picture.onload = picture.onloadedmetadata = toEnd;
  toEnd();
}
