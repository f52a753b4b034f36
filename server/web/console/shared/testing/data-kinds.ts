import type { Message, MessageStatus } from "../api/types";
import { ago, aMessage, idOf } from "./data";

const marina = { kind: "user", id: idOf("usr", 1), name: "Marina Alves" } as const;
const theirs: Pick<Message, "direction" | "author" | "status" | "timeline"> = {
  direction: "inbound",
  author: { kind: "contact", id: idOf("con", 1), name: "Rahul Deshmukh" },
  status: null,
  timeline: [],
};
const ours = (status: MessageStatus): typeof theirs => ({
  direction: "outbound",
  author: marina,
  status,
  timeline: [
    { status: "sending", at: ago(9) },
    { status, at: ago(8) },
  ],
});
const media = (change: Record<string, unknown>) => ({
  media_id: idOf("med", 1),
  mime: null,
  caption: null,
  filename: null,
  size: 240_000,
  state: "ready",
  error: null,
  ...change,
});

const KINDS: Partial<Message>[] = [
  {
    ...theirs,
    type: "text",
    content: { body: "Hello! Do you have *nut-free* cakes? See https://lumen.example/cakes_2026." },
  },
  { ...theirs, type: "image", content: media({ caption: "Like this one, with _less_ sugar" }) },
  { ...theirs, type: "image", content: media({ media_id: null, state: "pending" }) },
  {
    ...theirs,
    type: "image",
    content: media({ media_id: null, state: "failed", error: "The file was deleted at Meta after 30 days." }),
  },
  { ...theirs, type: "document", content: media({ filename: "guest list – final version.pdf" }) },
  { ...theirs, type: "audio", content: media({}) },
  {
    ...theirs,
    type: "location",
    content: {
      latitude: -23.55,
      longitude: -46.63,
      name: "Rua Harmonia 312",
      address: "Vila Madalena, São Paulo",
    },
  },
  {
    ...ours("read"),
    type: "text",
    content: { body: "Of course, we bake without nuts every Friday." },
    reactions: [{ emoji: "❤️", author: theirs.author }],
  },
  {
    ...theirs,
    type: "text",
    content: { body: "Perfect, thank you!" },
    reply_to: { id: idOf("msg", 1007), preview: "Of course, we bake without nuts every Friday." },
  },
  {
    ...ours("delivered"),
    author: { kind: "campaign", id: idOf("cmp", 1), name: "Autumn boxes" },
    type: "template",
    content: {
      template_id: idOf("tpl", 1),
      name: "order_ready",
      language: "en",
      header: "Lumen Bakery",
      body: "Hi Rahul, your box is ready. Show this to get *10%* off.",
      footer: "Reply STOP to end",
      buttons: [{ type: "QUICK_REPLY", text: "I am coming" }],
    },
  },
  { ...theirs, type: "button", content: { text: "I am coming", payload: "coming" } },
  {
    ...theirs,
    type: "interactive",
    content: {
      kind: "list_reply",
      title: "Saturday, 10:00",
      description: "Pick-up at the shop",
      id: "sat10",
    },
  },
  {
    direction: "note",
    author: marina,
    status: null,
    timeline: [],
    type: "text",
    content: { body: "Please confirm with the kitchen that box B can be done nut-free." },
  },
  { ...theirs, type: "order", content: {} },
  {
    ...ours("failed"),
    type: "text",
    content: { body: "Your order is on its way." },
    error: { code: "META_131026", message: "Message undeliverable", advice: null },
  },
  { ...ours("ambiguous"), type: "text", content: { body: "The driver will call you." } },
  { ...ours("unconfirmed"), type: "text", content: { body: "Do you need candles?" } },
  { ...ours("sent"), type: "text", content: { body: "See you on Saturday!" } },
];

/** One message of every kind and state, newest first. */
export function everyKind(conversationId: string): Message[] {
  return KINDS.map((change, index) =>
    aMessage(1, {
      id: idOf("msg", 1000 + index),
      conversation_id: conversationId,
      created_at: ago(10 + (KINDS.length - index) * 4),
      reactions: [],
      ...change,
    }),
  ).reverse();
}
