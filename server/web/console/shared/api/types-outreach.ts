// Templates and campaigns, under the names of the server's OpenAPI schemas (see types.ts).
import type { Iso, MessageError, MessageStatus, Named } from "./types";

export type TemplateVariable = {
  key: string;
  component: "header" | "body" | "button";
  name: string;
  sample: string | null;
};
export type TemplateComponent = {
  type: string;
  format?: string;
  text?: string;
  buttons?: { type: string; text: string; url?: string; phone_number?: string }[];
  [key: string]: unknown;
};
export type Template = {
  id: string;
  channel_id: string;
  name: string;
  language: string;
  category: "marketing" | "utility" | "authentication";
  status: "approved" | "pending" | "rejected" | "paused" | "disabled" | (string & {});
  quality: string | null;
  rejected_reason: string | null;
  parameter_format: "positional" | "named";
  components: TemplateComponent[];
  variables: TemplateVariable[];
  updated_at: Iso;
};

export type CampaignStatus =
  | "draft"
  | "scheduled"
  | "preparing"
  | "sending"
  | "paused"
  | "completed"
  | "failed"
  | "cancelled";
export type Audience = { group_ids: string[]; contact_ids: string[]; phones: string[]; tags: string[] };
export type WaitReason =
  | "budget"
  | "usage"
  | "slowed"
  | "meta_away"
  | "quality"
  | "own_rate"
  | "channel_paused"
  | "channel_disconnected";
export type CampaignCounts = {
  total: number;
  waiting: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  skipped: number;
  unknown: number;
  unconfirmed: number;
};
export type CampaignRules = {
  late_start: "ask" | "start" | "skip";
  deadline: Iso | null;
  hold_back_tries: number;
  marketing_messages: boolean;
  fallback_template_id: string | null;
};
export type CampaignRetry = { states: ("failed" | "unconfirmed")[]; codes?: string[] };
export type Campaign = {
  id: string;
  name: string;
  channel_id: string;
  template: { id: string; name: string; language: string };
  audience: Audience;
  variables: Record<string, string>;
  status: CampaignStatus;
  reason: string | null;
  /** What holds it back while it is being sent, though nobody paused it. */
  waiting: { reason: WaitReason; until: Iso | null } | null;
  counts: CampaignCounts;
  rate: number | null;
  rules: CampaignRules;
  scheduled_at: Iso | null;
  started_at: Iso | null;
  completed_at: Iso | null;
  created_by: Named | null;
  created_at: Iso;
  revision: number;
};
export type CampaignInput = {
  name: string;
  template_id: string;
  channel_id?: string;
  audience: Audience;
  variables: Record<string, string>;
  scheduled_at?: Iso | null;
  rate?: number | null;
  rules: CampaignRules;
};
export type CampaignPreview = {
  selected: number;
  opted_out: number;
  unreachable: number;
  duplicates: number;
  missing_values: number;
  total: number;
  samples: { name: string | null; phone: string | null; text: string }[];
  /** When it would have reached everybody if it began now; people who wrote today do not count. */
  forecast: { limit: number | null; left: number | null; per_second: number; done_at: Iso | null };
};
export type Recipient = {
  contact: { id: string; name: string | null; phone: string | null };
  state: MessageStatus;
  error: MessageError | null;
  message_id: string | null;
  conversation_id: string | null;
  route: Route;
  gave_up: "tried" | "over" | null;
  updated_at: Iso;
};
/** By which way somebody was tried last, or is tried next. */
export type Route = "usual" | "marketing_messages" | "fallback";
export type CampaignFailure = { code: string; message: string; advice: string | null; count: number };
