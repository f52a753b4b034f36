// The whole console API of the contract, in memory. Tests take it through server.ts, `npm run dev:mock` through Vite.
import { HttpResponse, http } from "msw";
import type {
  ApiKey,
  ApiKeyInput,
  Channel,
  ChannelConnectRequest,
  QuickReply,
  QuickReplyInput,
  Session,
} from "../api/types";
import { bodyOf, empty, pageOf, refuse } from "./answer";
import { API_KEYS, aChannel, ago, aSession, idOf, MEMBERS, QUICK_REPLIES } from "./data";
import { inboxHandlers, resetInbox } from "./handlers-inbox";
import { peopleHandlers, resetPeople } from "./handlers-people";

const API = "*/api/console";
let session: Session | null = null;
const channels: Channel[] = [];
const replies: QuickReply[] = [];
const keys: ApiKey[] = [];

/** Everything as at the beginning: each test starts from the same shop. */
export function resetMock(): void {
  session = aSession();
  const limit = { code: "META_130429", message: "The number sends at its limit; messages wait their turn." };
  channels.splice(0, channels.length, aChannel(1), aChannel(2, { quality: "yellow", problem: limit }));
  replies.splice(0, replies.length, ...QUICK_REPLIES.map((reply) => ({ ...reply })));
  keys.splice(0, keys.length, ...API_KEYS);
  resetInbox();
  resetPeople();
}

/** What Graph would answer to these credentials: any token but "bad" is right. */
function checked(body: Partial<ChannelConnectRequest>) {
  if (body.access_token === "bad") {
    return refuse(
      422,
      "META_190",
      "Meta does not accept this access token: it has expired or was withdrawn. Make a new permanent token.",
    );
  }
  return { phone: "+551140028929", verified_name: "Lumen Bakery", quality: "green" as const, throughput: 80 };
}

const sessionHandlers = [
  http.get(`${API}/session`, () =>
    session ? HttpResponse.json(session) : refuse(401, "UNAUTHENTICATED", "Please sign in."),
  ),
  http.post(`${API}/login`, async ({ request }) => {
    const body = await bodyOf<{ email: string; password: string }>(request);
    if (body.password === "wrong") return refuse(401, "LOGIN_FAILED", "E-mail or password is not right.");
    session = aSession();
    return HttpResponse.json(session);
  }),
  http.post(`${API}/logout`, () => {
    session = null;
    return empty();
  }),
  http.get(`${API}/setup`, () => HttpResponse.json({ needed: false })),
  http.post(`${API}/setup`, () => {
    session = aSession();
    return HttpResponse.json(session);
  }),
  http.patch(`${API}/me`, async ({ request }) => {
    if (!session) return refuse(401, "UNAUTHENTICATED", "Please sign in.");
    session = { ...session, user: { ...session.user, ...(await bodyOf<Session["user"]>(request)) } };
    return HttpResponse.json(session);
  }),
  http.post(`${API}/me/password`, async ({ request }) => {
    const body = await bodyOf<{ current: string; new: string }>(request);
    return body.current === "wrong"
      ? refuse(400, "PASSWORD_WRONG", "The present password is not right.", [
          { field: "current", message: "The present password is not right." },
        ])
      : empty();
  }),
];

const channelHandlers = [
  http.get(`${API}/channels`, ({ request }) => pageOf(channels, request)),
  http.post(`${API}/channels/check`, async ({ request }) => {
    const result = checked(await bodyOf<ChannelConnectRequest>(request));
    return result instanceof Response ? result : HttpResponse.json(result);
  }),
  http.post(`${API}/channels`, async ({ request }) => {
    const body = await bodyOf<ChannelConnectRequest>(request);
    const result = checked(body);
    if (result instanceof Response) return result;
    if (channels.some(({ phone_number_id }) => phone_number_id === body.phone_number_id))
      return refuse(409, "CHANNEL_EXISTS", "This number is connected already.");
    const made = aChannel(channels.length + 1, {
      ...result,
      name: body.name ?? "Lumen Bakery",
      phone_number_id: body.phone_number_id ?? "",
      waba_id: body.waba_id ?? "",
      last_inbound_at: null,
    });
    channels.push(made);
    return HttpResponse.json(made, { status: 201 });
  }),
  http.get(`${API}/channels/:id`, ({ params }) => {
    const found = channels.find(({ id }) => id === params.id);
    return found ? HttpResponse.json(found) : refuse(404, "NOT_FOUND", "There is no such channel.");
  }),
  http.patch(`${API}/channels/:id`, async ({ params, request }) => {
    const found = channels.find(({ id }) => id === params.id);
    return found
      ? HttpResponse.json(Object.assign(found, await bodyOf<{ name: string }>(request)))
      : refuse(404, "NOT_FOUND", "There is no such channel.");
  }),
  http.delete(`${API}/channels/:id`, ({ params }) => {
    const found = channels.find(({ id }) => id === params.id);
    if (found) found.state = "disconnected";
    return empty();
  }),
];

const settingsHandlers = [
  http.get(`${API}/members`, () => HttpResponse.json({ data: MEMBERS, next_cursor: null })),
  http.get(`${API}/quick-replies`, () => HttpResponse.json({ data: replies, next_cursor: null })),
  http.post(`${API}/quick-replies`, async ({ request }) => {
    const body = await bodyOf<QuickReplyInput>(request);
    const made: QuickReply = {
      id: idOf("qrp", replies.length + 1),
      shortcut: body.shortcut ?? "",
      title: body.title ?? "",
      text: body.text ?? "",
    };
    replies.push(made);
    return HttpResponse.json(made, { status: 201 });
  }),
  http.patch(`${API}/quick-replies/:id`, async ({ params, request }) => {
    const found = replies.find(({ id }) => id === params.id);
    return found
      ? HttpResponse.json(Object.assign(found, await bodyOf<QuickReplyInput>(request)))
      : refuse(404, "NOT_FOUND", "There is no such quick reply.");
  }),
  http.delete(`${API}/quick-replies/:id`, ({ params }) => {
    const at = replies.findIndex(({ id }) => id === params.id);
    if (at >= 0) replies.splice(at, 1);
    return empty();
  }),
  http.get(`${API}/api-keys`, () => HttpResponse.json({ data: keys, next_cursor: null })),
  http.post(`${API}/api-keys`, async ({ request }) => {
    const body = await bodyOf<ApiKeyInput>(request);
    const made = {
      id: idOf("key", keys.length + 1),
      name: body.name ?? "",
      prefix: "wak_1a2b3c4d",
      scopes: body.scopes ?? [],
      created_at: ago(0),
      last_used_at: null,
      expires_at: body.expires_at ?? null,
    };
    keys.push(made);
    return HttpResponse.json({ ...made, secret: "wak_1a2b3c4d_shown_once" }, { status: 201 });
  }),
  http.delete(`${API}/api-keys/:id`, ({ params }) => {
    const at = keys.findIndex(({ id }) => id === params.id);
    if (at >= 0) keys.splice(at, 1);
    return empty();
  }),
];

export const handlers = [
  ...sessionHandlers,
  ...channelHandlers,
  ...inboxHandlers,
  ...peopleHandlers,
  ...settingsHandlers,
];
resetMock();
