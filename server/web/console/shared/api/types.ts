// The shapes that the server and the console exchange, under the names of the server's OpenAPI schemas.
// Once `npm run api` has written schema.gen.ts, each becomes an alias of components["schemas"][name].

export type Iso = string;
export type Page<T> = { data: T[]; next_cursor: string | null };

export type Permission =
  | "inbox.view_all"
  | "inbox.view_assigned"
  | "inbox.reply"
  | "inbox.assign"
  | "contacts.view"
  | "contacts.edit"
  | "contacts.delete"
  | "groups.manage"
  | "templates.view"
  | "templates.sync"
  | "campaigns.view"
  | "campaigns.edit"
  | "campaigns.send"
  | "channels.view"
  | "channels.manage"
  | "team.view"
  | "quick_replies.manage"
  | "api_keys.manage";

export type ThemeChoice = "light" | "dark" | "system";
export type Named = { id: string; name: string };

export type Session = {
  user: { id: string; email: string; name: string; locale: string | null; theme: ThemeChoice };
  is_superadmin: boolean;
  tenant: { id: string; name: string; timezone: string } | null;
  role: "admin" | "member";
  permissions: string[];
  brand: { name: string };
  simulator_url: string | null;
  server_time: Iso;
  version: string;
};

export type Channel = {
  id: string;
  name: string;
  phone: string;
  verified_name: string | null;
  phone_number_id: string;
  waba_id: string;
  state: "connected" | "disconnected" | "paused";
  quality: "green" | "yellow" | "red" | "unknown";
  throughput: number;
  problem: { code: string; message: string } | null;
  last_inbound_at: Iso | null;
  webhook: { url: string; verify_token: string } | null;
  created_at: Iso;
};
export type ChannelCheckRequest = {
  waba_id: string;
  phone_number_id: string;
  access_token: string;
  app_secret?: string;
};
export type ChannelCheck = {
  phone: string;
  verified_name: string | null;
  quality: Channel["quality"];
  throughput: number;
};
export type ChannelConnectRequest = ChannelCheckRequest & { name?: string };

export type ConversationStatus = "open" | "pending" | "resolved";
export type ConversationView = "all" | "mine" | "unassigned";
export type ConversationCounts = {
  open: number;
  pending: number;
  resolved: number;
  mine: number;
  unassigned: number;
  unread: number;
};
export type ReplyWindow = { open: boolean; expires_at: Iso | null };
export type LastMessage = {
  id: string;
  direction: MessageDirection;
  type: MessageType;
  preview: string;
  status: MessageStatus | null;
  at: Iso;
};
export type Conversation = {
  id: string;
  status: ConversationStatus;
  contact: { id: string; name: string | null; phone: string | null; tags: string[]; opted_out: boolean };
  channel_id: string;
  assignee: Named | null;
  unread: number;
  last_message: LastMessage | null;
  window: ReplyWindow;
  last_message_at: Iso | null;
  created_at: Iso;
};

export type MessageDirection = "inbound" | "outbound" | "note";
export type MessageType =
  | "text"
  | "image"
  | "video"
  | "audio"
  | "document"
  | "sticker"
  | "location"
  | "contacts"
  | "interactive"
  | "button"
  | "reaction"
  | "template"
  | "unsupported"
  // Kinds that a newer server may name are shown as unsupported.
  | (string & {});
export type MessageStatus =
  | "queued"
  | "sending"
  | "accepted"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "skipped"
  | "ambiguous"
  | "unconfirmed";
export type MessageError = { code: string; message: string; advice: string | null };
export type MessageAuthor = {
  kind: "contact" | "user" | "campaign" | "api" | "phone" | "system";
  id: string | null;
  name: string | null;
};
export type TimelineEntry = { status: MessageStatus; at: Iso };
export type Message = {
  id: string;
  conversation_id: string;
  direction: MessageDirection;
  type: MessageType;
  content: Record<string, unknown>;
  author: MessageAuthor;
  status: MessageStatus | null;
  error: MessageError | null;
  timeline: TimelineEntry[];
  reply_to: { id: string; preview: string } | null;
  reactions: { emoji: string; author: MessageAuthor }[];
  created_at: Iso;
};
export type TextContent = { body: string };
export type MediaContent = {
  media_id: string | null;
  mime: string | null;
  caption: string | null;
  filename: string | null;
  size: number | null;
  state: "ready" | "pending" | "failed";
  error: string | null;
};
export type LocationContent = {
  latitude: number;
  longitude: number;
  name: string | null;
  address: string | null;
};
export type TemplateContent = {
  template_id: string | null;
  name: string;
  language: string;
  header: string | null;
  body: string;
  footer: string | null;
  buttons: { type: string; text: string }[];
};
export type InteractiveContent = {
  kind: string;
  title: string;
  description: string | null;
  id: string | null;
};
export type ButtonContent = { text: string; payload: string | null };
export type UnsupportedContent = { reason: string | null };
export type MediaKind = "image" | "document" | "audio" | "video" | "sticker";
export type MediaObject = {
  id: string;
  kind: MediaKind;
  mime: string;
  size: number;
  filename: string | null;
};
export type OutboundMedia = { media_id: string; caption?: string; filename?: string };
export type SendMessageRequest = { type: "text" | MediaKind; text?: TextContent; reply_to?: string } & {
  [K in MediaKind]?: OutboundMedia;
} & { [K in "location" | "interactive" | "contacts" | "reaction"]?: object };

export type Contact = {
  id: string;
  name: string | null;
  phone: string | null;
  bsuid: string | null;
  email: string | null;
  tags: string[];
  fields: Record<string, string>;
  opted_out: boolean;
  source: "message" | "api" | "manual" | "seed";
  groups: Named[];
  created_at: Iso;
  updated_at: Iso;
};
export type ContactInput = {
  name?: string;
  phone?: string;
  email?: string;
  tags?: string[];
  fields?: Record<string, string>;
};
export type Group = {
  id: string;
  name: string;
  description: string | null;
  member_count: number;
  created_at: Iso;
};
export type GroupInput = { name: string; description?: string };

export type Member = {
  user_id: string;
  name: string;
  email: string;
  role: "admin" | "member";
  permissions: string[];
};
export type QuickReply = { id: string; shortcut: string; title: string; text: string };
export type QuickReplyInput = Omit<QuickReply, "id">;
export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_at: Iso;
  last_used_at: Iso | null;
  expires_at: Iso | null;
};
export type ApiKeyInput = { name: string; scopes: string[]; expires_at?: Iso | null };
export type ApiKeyCreated = ApiKey & { secret: string };
