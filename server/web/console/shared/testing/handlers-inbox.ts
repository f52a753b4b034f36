import { HttpResponse, http } from "msw";
import type { Conversation, Message, SendMessageRequest } from "../api/types";
import { bodyOf, empty, has, pageOf, refuse } from "./answer";
import { aConversation, ago, aMessage, idOf } from "./data";
import { everyKind } from "./data-kinds";

const API = "*/api/console";
const conversations: Conversation[] = [];
const messages = new Map<string, Message[]>();
let made = 900_000;

export function resetInbox(): void {
  const statusOf = (n: number) => (n >= 40 ? "resolved" : n >= 30 ? "pending" : "open");
  const fresh = Array.from({ length: 60 }, (_, n) => aConversation(n, { status: statusOf(n) }));
  conversations.splice(0, conversations.length, ...fresh);
  messages.clear();
}

const find = (id: unknown) => conversations.find((conversation) => conversation.id === id);
function threadOf(id: string): Message[] {
  const known = messages.get(id);
  if (known) return known;
  // The second conversation shows one message of every kind and state.
  if (id === idOf("cnv", 1)) {
    messages.set(id, everyKind(id));
    return threadOf(id);
  }
  const fresh = Array.from({ length: 120 }, (_, n) =>
    aMessage(n + 1, {
      id: idOf("msg", conversations.findIndex((c) => c.id === id) * 1000 + n),
      conversation_id: id,
    }),
  );
  messages.set(id, fresh);
  return fresh;
}
function add(id: string, change: Partial<Message>): Message {
  made += 1;
  const message = aMessage(1, {
    id: idOf("msg", made),
    conversation_id: id,
    direction: "outbound",
    status: "queued",
    timeline: [{ status: "queued", at: ago(0) }],
    created_at: ago(0),
    ...change,
  });
  threadOf(id).unshift(message);
  return message;
}
const missing = () => refuse(404, "NOT_FOUND", "There is no such conversation.");

export const inboxHandlers = [
  http.get(`${API}/conversations`, ({ request }) => {
    const { searchParams } = new URL(request.url);
    const [status, view] = [searchParams.get("status"), searchParams.get("view")];
    return pageOf(
      conversations,
      request,
      (row, search) =>
        (!status || row.status === status) &&
        (view !== "mine" || row.assignee?.id === idOf("usr", 1)) &&
        (view !== "unassigned" || row.assignee === null) &&
        (has(row.contact.name, search) || has(row.contact.phone, search)),
    );
  }),
  http.get(`${API}/conversations/counts`, () =>
    HttpResponse.json({
      open: conversations.filter((c) => c.status === "open").length,
      pending: conversations.filter((c) => c.status === "pending").length,
      resolved: conversations.filter((c) => c.status === "resolved").length,
      mine: conversations.filter((c) => c.assignee?.id === idOf("usr", 1)).length,
      unassigned: conversations.filter((c) => c.assignee === null).length,
      unread: conversations.filter((c) => c.unread > 0).length,
    }),
  ),
  http.get(`${API}/conversations/:id`, ({ params }) => {
    const found = find(params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/conversations`, async ({ request }) => {
    const body = await bodyOf<{ contact_id: string }>(request);
    const found = conversations.find((conversation) => conversation.contact.id === body.contact_id);
    return found ? HttpResponse.json(found) : HttpResponse.json(conversations[0], { status: 201 });
  }),
  http.patch(`${API}/conversations/:id`, async ({ params, request }) => {
    const found = find(params.id);
    if (!found) return missing();
    const body = await bodyOf<{
      status: Conversation["status"];
      assignee_id: string | null;
      expected_assignee_id: string | null;
    }>(request);
    if ("expected_assignee_id" in body && body.expected_assignee_id !== (found.assignee?.id ?? null)) {
      return refuse(409, "ASSIGNED_ELSEWHERE", "Somebody else was assigned.");
    }
    if (body.status) found.status = body.status;
    if ("assignee_id" in body)
      found.assignee = body.assignee_id
        ? { id: body.assignee_id, name: body.assignee_id === idOf("usr", 2) ? "Pedro Nunes" : "Marina Alves" }
        : null;
    return HttpResponse.json(found);
  }),
  http.post(`${API}/conversations/:id/read`, ({ params }) => {
    const found = find(params.id);
    if (found) found.unread = 0;
    return empty();
  }),
  http.get(`${API}/conversations/:id/messages`, ({ params, request }) =>
    pageOf(threadOf(String(params.id)), request),
  ),
  http.post(`${API}/conversations/:id/messages`, async ({ params, request }) => {
    const found = find(params.id);
    if (!found) return missing();
    if (!found.window.open) return refuse(409, "WINDOW_CLOSED", "The reply window is closed.");
    const body = await bodyOf<SendMessageRequest>(request);
    const media = body.type && body.type !== "text" ? body[body.type] : undefined;
    const content = media
      ? {
          media_id: media.media_id,
          mime: "image/png",
          caption: media.caption ?? null,
          filename: media.filename ?? null,
          size: 20_480,
          state: "ready",
          error: null,
        }
      : { body: body.text?.body ?? "" };
    return HttpResponse.json(add(found.id, { type: body.type ?? "text", content }), { status: 201 });
  }),
  http.post(`${API}/conversations/:id/template`, async ({ params, request }) => {
    const body = await bodyOf<{ template_id: string; variables: Record<string, string> }>(request);
    const content = {
      template_id: body.template_id ?? null,
      name: "order_ready",
      language: "en",
      header: "Lumen Bakery",
      body: `Hi ${body.variables?.["body.1"] ?? ""}, your box is ready.`,
      footer: null,
      buttons: [],
    };
    return HttpResponse.json(add(String(params.id), { type: "template", content }), { status: 201 });
  }),
  http.post(`${API}/conversations/:id/notes`, async ({ params, request }) => {
    const body = await bodyOf<{ text: string }>(request);
    return HttpResponse.json(
      add(String(params.id), {
        direction: "note",
        status: null,
        timeline: [],
        content: { body: body.text ?? "" },
      }),
      { status: 201 },
    );
  }),
  http.post(`${API}/messages/:id/resend`, ({ params }) => {
    for (const [id, thread] of messages) {
      const message = thread.find((each) => each.id === params.id);
      if (!message) continue;
      if (message.status !== "failed" && message.status !== "unconfirmed")
        return refuse(409, "NOT_RESENDABLE", "Only failed messages can be sent again.");
      return HttpResponse.json(add(id, { type: message.type, content: message.content }), { status: 201 });
    }
    return missing();
  }),
  http.post(`${API}/media`, () =>
    HttpResponse.json(
      { id: idOf("med", 1), kind: "image", mime: "image/png", size: 20_480, filename: "photo.png" },
      { status: 201 },
    ),
  ),
  http.get(
    `${API}/media/:id`,
    () =>
      new HttpResponse(
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect width="320" height="200" fill="#d9c7b4"/><circle cx="160" cy="100" r="60" fill="#b98b5e"/></svg>',
        {
          headers: { "content-type": "image/svg+xml" },
        },
      ),
  ),
];
