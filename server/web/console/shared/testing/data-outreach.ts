import type { Campaign, Recipient, Template } from "../api/types-outreach";
import { aContact, ago, idOf } from "./data";

export const aTemplate = (n: number, change: Partial<Template> = {}): Template => ({
  id: idOf("tpl", n),
  channel_id: idOf("chn", 1),
  name: ["order_ready", "autumn_boxes", "delivery_update"][n - 1] ?? `template_${n}`,
  language: n === 2 ? "pt_BR" : "en",
  category: n === 2 ? "marketing" : "utility",
  status: n === 3 ? "pending" : "approved",
  quality: n === 3 ? null : "green",
  rejected_reason: null,
  parameter_format: "positional",
  components: [
    { type: "HEADER", format: "TEXT", text: "Lumen Bakery" },
    { type: "BODY", text: "Hi {{1}}, your box is ready. Show this to get {{2}} off." },
    { type: "FOOTER", text: "Reply STOP to end" },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "I am coming" }] },
  ],
  variables: [
    { key: "body.1", component: "body", name: "1", sample: "Ana" },
    { key: "body.2", component: "body", name: "2", sample: "10%" },
  ],
  updated_at: ago(1440),
  ...change,
});

export const aCampaign = (n: number, change: Partial<Campaign> = {}): Campaign => ({
  id: idOf("cmp", n),
  name: ["Autumn boxes", "New opening hours", "Easter orders"][n - 1] ?? `Campaign ${n}`,
  channel_id: idOf("chn", 1),
  template: { id: idOf("tpl", 2), name: "autumn_boxes", language: "pt_BR" },
  audience: { group_ids: [idOf("grp", 1)], contact_ids: [], phones: [], tags: [] },
  variables: { "body.1": "{{name|friend}}", "body.2": "10%" },
  status: (["sending", "draft", "completed"] as const)[n - 1] ?? "completed",
  reason: null,
  waiting: null,
  counts:
    n === 2
      ? {
          total: 0,
          waiting: 0,
          sent: 0,
          delivered: 0,
          read: 0,
          failed: 0,
          skipped: 0,
          unknown: 0,
          unconfirmed: 0,
        }
      : {
          total: 200,
          waiting: n === 1 ? 80 : 0,
          sent: n === 1 ? 112 : 190,
          delivered: n === 1 ? 96 : 186,
          read: n === 1 ? 41 : 120,
          failed: n === 1 ? 3 : 4,
          skipped: 5,
          unknown: 0,
          unconfirmed: n === 1 ? 0 : 1,
        },
  rate: null,
  rules: {
    late_start: "ask",
    deadline: null,
    hold_back_tries: 0,
    marketing_messages: false,
    fallback_template_id: null,
  },
  scheduled_at: null,
  started_at: n === 2 ? null : ago(30),
  completed_at: n === 3 ? ago(10) : null,
  created_by: { id: idOf("usr", 1), name: "Marina Alves" },
  created_at: ago(60),
  revision: 3,
  ...change,
});

const STATES: Recipient["state"][] = ["read", "delivered", "sent", "failed", "queued", "skipped"];
export const aRecipient = (n: number): Recipient => {
  const { id, name, phone } = aContact(n);
  const state = STATES[n % STATES.length] ?? "queued";
  return {
    contact: { id, name, phone },
    state,
    error:
      state === "failed"
        ? {
            code: "META_131026",
            message: "This number is not on WhatsApp.",
            advice: "Check the number with the customer.",
          }
        : null,
    message_id: idOf("msg", n),
    conversation_id: null,
    route: "usual",
    gave_up: null,
    updated_at: ago(n),
  };
};
