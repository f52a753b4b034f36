import type { Tone } from "@/kit/chip";
import type { Part } from "@/kit/progress";
import type {
  Audience,
  Campaign,
  CampaignCounts,
  CampaignPreview,
  CampaignRules,
  CampaignStatus,
  Template,
} from "@/shared/api/types-outreach";

export type State = CampaignStatus | "finishing";

/** The word people read: sending with nothing left but unknown ones is called finishing. */
export function stateOf({ status, counts }: Pick<Campaign, "status" | "counts">): State {
  return status === "sending" && counts.waiting === 0 && counts.unknown > 0 ? "finishing" : status;
}

export const TONE: Record<State, Tone> = {
  draft: "neutral",
  scheduled: "info",
  preparing: "info",
  sending: "brand",
  finishing: "brand",
  paused: "warn",
  completed: "ok",
  failed: "bad",
  cancelled: "neutral",
};

/** Something still happens by itself, so the numbers move. */
export const isMoving = ({ status }: Pick<Campaign, "status">): boolean =>
  status === "preparing" || status === "sending" || status === "scheduled";

export type Act = "pause" | "resume" | "cancel";
const ACTS: Partial<Record<CampaignStatus, Act[]>> = {
  scheduled: ["cancel"],
  preparing: ["pause", "cancel"],
  sending: ["pause", "cancel"],
  paused: ["resume", "cancel"],
};
export const actsOf = ({ status }: Pick<Campaign, "status">): Act[] => ACTS[status] ?? [];

export type PartKey =
  | "read"
  | "delivered"
  | "sent"
  | "waiting"
  | "unknown"
  | "unconfirmed"
  | "failed"
  | "skipped";
const COLOUR: Record<PartKey, Part["colour"]> = {
  read: "c1",
  delivered: "c3",
  sent: "c4",
  waiting: "queued",
  unknown: "c2",
  unconfirmed: "warn",
  failed: "bad",
  skipped: "idle",
};

/** Everybody in exactly one part: the server's sent holds delivered, which holds read. */
export function partsOf(counts: CampaignCounts): { key: PartKey; value: number; colour: Part["colour"] }[] {
  const less = (a: number, b: number) => Math.max(0, a - b);
  const values: Record<PartKey, number> = {
    read: counts.read,
    delivered: less(counts.delivered, counts.read),
    sent: less(counts.sent, counts.delivered),
    waiting: counts.waiting,
    unknown: counts.unknown,
    unconfirmed: counts.unconfirmed,
    failed: counts.failed,
    skipped: counts.skipped,
  };
  return (Object.keys(values) as PartKey[])
    .map((key) => ({ key, value: values[key], colour: COLOUR[key] }))
    .filter(({ value }) => value > 0);
}

/** How many are decided, out of all. */
export const doneOf = ({ total, waiting, unknown }: CampaignCounts): number =>
  Math.max(0, total - waiting - unknown);

/** Events may overtake answers: the higher revision is the newer one. */
export const newest = (old: Campaign | undefined, next: Campaign): Campaign =>
  old && old.id === next.id && old.revision > next.revision ? old : next;

export const NOBODY: Audience = { group_ids: [], contact_ids: [], phones: [], tags: [] };

/** The rules of a campaign that says nothing of them. */
export const USUAL: CampaignRules = {
  late_start: "ask",
  deadline: null,
  hold_back_tries: 0,
  marketing_messages: false,
  fallback_template_id: null,
};

/** The rules for another template: its ways may not fit. */
export const withoutWays = (rules: CampaignRules): CampaignRules => ({
  ...rules,
  marketing_messages: false,
  fallback_template_id: null,
});

/** Whether it can be sent with the values of the other one; the server checks again. */
export const fillsFrom = (fallback: Template, usual: Template): boolean =>
  fallback.variables.every(({ key }) => usual.variables.some((variable) => variable.key === key));

/** Whether people of it may be tried again: what was ended stays ended. */
export const mayTryAgain = ({ status }: Pick<Campaign, "status">): boolean =>
  status === "completed" || status === "sending" || status === "paused";

export const isEmpty = (audience: Audience): boolean =>
  [audience.group_ids, audience.contact_ids, audience.phones, audience.tags].every(
    (list) => list.length === 0,
  );

export const REDUCTIONS = ["opted_out", "unreachable", "duplicates", "missing_values"] as const;

/** From those selected to those who get it, term by term; terms of nobody are left out. */
export function reductionsOf(
  preview: CampaignPreview,
): { key: (typeof REDUCTIONS)[number]; value: number }[] {
  return REDUCTIONS.map((key) => ({ key, value: preview[key] })).filter(({ value }) => value > 0);
}

/** How long sending takes at so many messages a second, in ms. */
export function durationOf(people: number, perSecond: number): number {
  return perSecond > 0 ? Math.ceil(people / perSecond) * 1000 : 0;
}
