// A panel that makes Meta misbehave: presets that add to the plan, and the plan itself as JSON.
import { $, call, el, me, tried } from "./core.js";
import { json } from "./forms.js";

const once = (fault, route = "messages") => ({ rules: [{ route, times: 1, fault }] });
const PRESETS = [
  ["Refuse the next: too fast", once({ kind: "refuse", code: 130429 })],
  ["Refuse the next: bad token", once({ kind: "refuse", code: 190 })],
  ["Next fails later (131026)", once({ kind: "fail", code: 131026 })],
  ["Next answer takes 10 s", once({ kind: "hang", ms: 10000 })],
  ["Next is cut before", once({ kind: "reset_before" })],
  ["Next is cut after", once({ kind: "reset_after" })],
  ["Next is a bare 503 after", once({ kind: "status_after", status: 503 })],
  ["One in three fails", { rules: [{ route: "messages", probability: 0.33, fault: { kind: "refuse", code: 131000 } }] }],
  ["Nothing reaches me", () => ({ recipients: { [me.who]: 131026 } })],
  ["Closed window refused at once", { refuse_closed_window: true }],
  ["Webhooks doubled and mixed", { webhooks: { duplicate: 0.5, disorder: 0.5 } }],
  ["Webhooks late by 5 s", { webhooks: { delay_ms: [5000, 6000] } }],
  ["Wrong signatures", { webhooks: { wrong_signature: 1 } }],
  ["Statuses get lost", { webhooks: { drop_statuses: 0.5 } }],
  ["Everything slow", { speed: { sent_ms: [3000, 5000], delivered_ms: [5000, 9000], read_ms: [9000, 20000] } }],
];

/** Adds a preset to the plan: rules are appended, all else is set. */
function merged(plan, preset) {
  const next = { ...plan };
  for (const [key, value] of Object.entries(preset)) {
    if (key === "rules") next.rules = [...(plan.rules || []), ...value];
    else if (value !== null && typeof value === "object") next[key] = { ...(plan[key] || {}), ...value };
    else next[key] = value;
  }
  return next;
}

async function show() {
  const plan = await call("/_sim/faults");
  const rules = (plan.rules || []).filter((rule) => rule.times !== 0).length;
  const others = Object.keys(plan.recipients || {}).length;
  $("plan-state").textContent = rules + others ? `${rules + others} rule${rules + others === 1 ? "" : "s"} in force; the plan below says all` : "No rules in force";
  if (document.activeElement !== $("plan")) $("plan").value = JSON.stringify(plan, null, 2);
  return plan;
}
const put = async (plan) => {
  await call("/_sim/faults", plan, { method: "PUT" });
  await show();
};
const problem = (text) => {
  $("plan-problem").textContent = text;
  $("plan-problem").hidden = !text;
};
const safely = (work) => tried(async () => {
  try { await work(); problem(""); }
  catch (error) { problem(error.message); }
});

export function faults() {
  $("presets").replaceChildren(...PRESETS.map(([label, preset]) => el("button", {
    type: "button",
    onclick: safely(async () => put(merged(await show(), typeof preset === "function" ? preset() : preset))),
  }, label)));
  $("plan-clear").onclick = safely(() => put({}));
  $("plan-form").onsubmit = (event) => {
    event.preventDefault();
    safely(() => put(json($("plan").value)))();
  };
  $("faults").ontoggle = safely(show);
}
