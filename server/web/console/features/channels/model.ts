import type { Tone } from "@/kit/chip";
import type { Channel, ChannelCheckRequest } from "@/shared/api/types";

export const QUALITY_TONE: Record<Channel["quality"], Tone> = {
  green: "ok",
  yellow: "warn",
  red: "bad",
  unknown: "neutral",
};
export const STATE_TONE: Record<Channel["state"], Tone> = {
  connected: "ok",
  paused: "warn",
  disconnected: "bad",
};

/** The webhook fields to tick at Meta. */
export const WEBHOOK_FIELDS = ["messages", "message_template_status_update", "phone_number_quality_update"];

/** Whether two sets of credentials are the same: a check counts only for what was checked. */
export function sameCredentials(a: ChannelCheckRequest | undefined, b: ChannelCheckRequest): boolean {
  return (
    a !== undefined &&
    a.waba_id === b.waba_id &&
    a.phone_number_id === b.phone_number_id &&
    a.access_token === b.access_token &&
    (a.app_secret ?? "") === (b.app_secret ?? "")
  );
}
