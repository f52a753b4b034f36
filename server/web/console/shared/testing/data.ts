// A small believable shop, the same each time it is built. Times count back from the moment of building.
import type {
  ApiKey,
  Channel,
  Contact,
  Conversation,
  Group,
  Member,
  Message,
  QuickReply,
  Session,
} from "../api/types";

const MINUTE = 60_000;
export const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
export const ahead = (minutes: number): string => ago(-minutes);
export const idOf = (prefix: string, n: number): string => `${prefix}_01jd${String(n).padStart(22, "0")}`;

export const ADMIN_PERMISSIONS = [
  "inbox.view_all",
  "inbox.view_assigned",
  "inbox.reply",
  "inbox.assign",
  "contacts.view",
  "contacts.edit",
  "contacts.delete",
  "groups.manage",
  "templates.view",
  "templates.sync",
  "campaigns.view",
  "campaigns.edit",
  "campaigns.send",
  "channels.view",
  "channels.manage",
  "team.view",
  "quick_replies.manage",
  "api_keys.manage",
];
export const MEMBER_PERMISSIONS = [
  "inbox.view_assigned",
  "inbox.reply",
  "contacts.view",
  "templates.view",
  "campaigns.view",
  "channels.view",
  "team.view",
];

export const aSession = (change: Partial<Session> = {}): Session => ({
  user: {
    id: idOf("usr", 1),
    email: "marina@lumen.example",
    name: "Marina Alves",
    locale: null,
    theme: "system",
  },
  is_superadmin: false,
  tenant: { id: idOf("ten", 1), name: "Lumen Bakery", timezone: "America/Sao_Paulo" },
  role: "admin",
  permissions: ADMIN_PERMISSIONS,
  brand: { name: "Damson" },
  simulator_url: "http://127.0.0.1:5100/_sim/phone",
  server_time: ago(0),
  version: "0.1.0",
  ...change,
});

export const aChannel = (n: number, change: Partial<Channel> = {}): Channel => ({
  id: idOf("chn", n),
  name: n === 1 ? "Lumen Bakery" : `Lumen ${n}`,
  phone: `+55114002892${n}`,
  verified_name: "Lumen Bakery",
  phone_number_id: `10655555${n}`,
  waba_id: "200000000000001",
  state: "connected",
  quality: "green",
  throughput: 80,
  problem: null,
  last_inbound_at: ago(4),
  webhook: { url: "https://desk.lumen.example/api/webhooks/whatsapp", verify_token: "vt-7f3a91c2" },
  created_at: ago(90 * 1440),
  ...change,
});

const PEOPLE = [
  ["Ana Beatriz Lopes", "+5511981234567"],
  ["Rahul Deshmukh", "+919820012345"],
  ["سارة العتيبي", "+966501234567"],
  ["Giulia Ferrari", "+393331234567"],
  ["Jonas Weber", "+4915112345678"],
  ["अनन्या शर्मा", "+919811198111"],
  ["Diego Fuentes", "+5215512345678"],
  ["Siti Rahmawati", "+6281234567890"],
  ["Chloé Martin", "+33612345678"],
  [null, "+14155550123"],
] as const;

export const aContact = (n: number, change: Partial<Contact> = {}): Contact => {
  const [name, phone] = PEOPLE[n % PEOPLE.length] ?? ["Ana Beatriz Lopes", "+5511981234567"];
  return {
    id: idOf("con", n),
    name,
    phone,
    bsuid: null,
    email: n % 3 === 0 ? `person${n}@example.com` : null,
    tags: n % 4 === 0 ? ["VIP"] : n % 4 === 1 ? ["Wholesale"] : [],
    fields: n % 2 === 0 ? { allergies: "Walnuts", birthday: "14 March" } : {},
    opted_out: n === 8,
    source: "message",
    groups: n % 2 === 0 ? [{ id: idOf("grp", 1), name: "Regulars" }] : [],
    created_at: ago(1440 * (n + 2)),
    updated_at: ago(60 * (n + 1)),
    ...change,
  };
};

const LINES = [
  "هل يتوفر توصيل يوم الجمعة؟",
  "क्या आप आज डिलीवरी कर सकते हैं?",
  "I'd like 40 cupcakes for the 14th, half without nuts please.",
  "Obrigada! Vou retirar amanhã cedo.",
  "Sent the receipt, please confirm 🙏",
];
export const lineOf = (n: number): string => LINES[n % LINES.length] ?? "Hello";

export const aConversation = (n: number, change: Partial<Conversation> = {}): Conversation => {
  const contact = aContact(n);
  const left = [1260, 210, 75, 0, 1400, 900, 0, 420, 1380, 30][n % 10] ?? 0;
  return {
    id: idOf("cnv", n),
    status: "open",
    contact: {
      id: contact.id,
      name: contact.name,
      phone: contact.phone,
      tags: contact.tags,
      opted_out: contact.opted_out,
    },
    channel_id: idOf("chn", 1),
    assignee: n % 3 === 0 ? { id: idOf("usr", 1), name: "Marina Alves" } : null,
    unread: n < 3 ? n + 1 : 0,
    last_message: {
      id: idOf("msg", n * 100),
      direction: n % 4 === 3 ? "outbound" : "inbound",
      type: "text",
      preview: lineOf(n),
      status: n % 4 === 3 ? "read" : null,
      at: ago(3 + n * 7),
    },
    window: { open: left > 0, expires_at: left > 0 ? ahead(left) : null },
    last_message_at: ago(3 + n * 7),
    created_at: ago(1440 * 3),
    ...change,
  };
};

export const aMessage = (n: number, change: Partial<Message> = {}): Message => {
  const outbound = n % 3 === 1;
  return {
    id: idOf("msg", n),
    conversation_id: idOf("cnv", 0),
    direction: outbound ? "outbound" : "inbound",
    type: "text",
    content: { body: outbound ? "Of course, we bake fresh every morning." : lineOf(n) },
    author: outbound
      ? { kind: "user", id: idOf("usr", 1), name: "Marina Alves" }
      : { kind: "contact", id: idOf("con", 0), name: "Ana Beatriz Lopes" },
    status: outbound ? "read" : null,
    error: null,
    timeline: outbound
      ? [
          { status: "sent", at: ago(n * 5) },
          { status: "read", at: ago(n * 5 - 1) },
        ]
      : [],
    reply_to: null,
    reactions: [],
    created_at: ago(n * 5),
    ...change,
  };
};

export const aGroup = (n: number): Group => ({
  id: idOf("grp", n),
  name: ["Regulars", "Wholesale", "Autumn boxes"][n - 1] ?? `Group ${n}`,
  description: n === 1 ? "Buys every week" : null,
  member_count: [200, 34, 1208][n - 1] ?? 5,
  created_at: ago(1440 * 30),
});

export const MEMBERS: Member[] = [
  {
    user_id: idOf("usr", 1),
    name: "Marina Alves",
    email: "marina@lumen.example",
    role: "admin",
    permissions: ADMIN_PERMISSIONS,
  },
  {
    user_id: idOf("usr", 2),
    name: "Pedro Nunes",
    email: "pedro@lumen.example",
    role: "member",
    permissions: MEMBER_PERMISSIONS,
  },
];
export const QUICK_REPLIES: QuickReply[] = [
  {
    id: idOf("qrp", 1),
    shortcut: "hours",
    title: "Opening hours",
    text: "We are open from 7:00 to 19:00, Monday to Saturday.",
  },
  { id: idOf("qrp", 2), shortcut: "pix", title: "Payment by Pix", text: "Our Pix key is pix@lumen.example." },
];
export const API_KEYS: ApiKey[] = [
  {
    id: idOf("key", 1),
    name: "Shop system",
    prefix: "wak_8f2c71aa",
    scopes: ["contacts.view", "inbox.reply"],
    created_at: ago(1440 * 20),
    last_used_at: ago(12),
    expires_at: null,
  },
];
