import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { api, newKey } from "@/shared/api/client";
import { ApiError, isApiError } from "@/shared/api/errors";
import type { MediaObject, Message, SendMessageRequest } from "@/shared/api/types";
import { useConnection } from "@/shared/realtime/connection";
import { remember, remembered } from "@/shared/storage";
import { conversationPath, showMessage } from "./events";
import type { Entry, NewEntry } from "./outbox-entry";

type Store = { owner: string | null; entries: Entry[] };
export const useOutbox = create<Store>(() => ({ owner: null, entries: [] }));

const storageKey = (owner: string) => `outbox.${owner}`;

/** Words survive a reload; files cannot be kept in the browser's small storage. */
function keep(): void {
  const { owner, entries } = useOutbox.getState();
  if (!owner) return;
  const words = entries.filter((entry) => entry.kind === "text" || entry.kind === "note");
  remember(storageKey(owner), words.length > 0 ? JSON.stringify(words) : null);
}

function change(make: (entries: Entry[]) => Entry[]): void {
  useOutbox.setState((old) => ({ entries: make(old.entries) }));
  keep();
}

const set = (key: string, part: Partial<Pick<Entry, "state" | "error" | "key">>) =>
  change((entries) => entries.map((entry) => (entry.key === key ? { ...entry, ...part } : entry)));

export const removeEntry = (key: string) => change((entries) => entries.filter((entry) => entry.key !== key));

/** What is asked of the server for one entry. */
async function request(entry: Entry): Promise<Message> {
  const path = conversationPath(entry.conversationId);
  const idempotencyKey = entry.key;
  const reply_to = entry.replyTo?.id;
  if (entry.kind === "note")
    return api.post<Message>(`${path}/notes`, { text: entry.text }, { idempotencyKey });
  if (entry.kind === "template") {
    const body = { template_id: entry.templateId, variables: entry.variables };
    return api.post<Message>(`${path}/template`, body, { idempotencyKey });
  }
  let body: SendMessageRequest = {
    type: "text",
    text: { body: entry.kind === "text" ? entry.text : "" },
    reply_to,
  };
  if (entry.kind === "media") {
    const media = await api.upload<MediaObject>("/media", entry.file, entry.uploadKey);
    const about = {
      media_id: media.id,
      caption: entry.text && media.kind !== "audio" ? entry.text : undefined,
      filename: media.kind === "document" ? entry.file.name : undefined,
    };
    body = { type: media.kind, [media.kind]: about, reply_to };
  }
  return api.post<Message>(`${path}/messages`, body, { idempotencyKey });
}

/** The connection or the server was not there: the same act may be repeated with the same key. */
const mayComeBack = (error: ApiError) => error.status === 0 || error.status === 503 || error.status === 502;

async function run(client: QueryClient, key: string): Promise<boolean> {
  const entry = useOutbox.getState().entries.find((each) => each.key === key);
  if (!entry || entry.state === "refused") return true;
  set(key, { state: "sending", error: undefined });
  try {
    const message = await request(entry);
    showMessage(client, message);
    removeEntry(key);
    return true;
  } catch (cause) {
    const error = isApiError(cause) ? cause : new ApiError("", { status: 0, code: "UNEXPECTED" });
    set(key, { state: mayComeBack(error) ? "waiting" : "refused", error });
    return !mayComeBack(error);
  }
}

const running = new Map<string, Promise<void>>();

/** Sends what waits in a conversation, one after another, so that order is kept. */
function drain(client: QueryClient, conversationId: string): Promise<void> {
  const already = running.get(conversationId);
  if (already) return already;
  const work = (async () => {
    for (;;) {
      const next = useOutbox
        .getState()
        .entries.find((entry) => entry.conversationId === conversationId && entry.state !== "refused");
      if (!next || !(await run(client, next.key))) return;
    }
  })().finally(() => running.delete(conversationId));
  running.set(conversationId, work);
  return work;
}

/** Sends what waits everywhere: called when the connection is back. */
export function flush(client: QueryClient): void {
  const conversations = new Set(useOutbox.getState().entries.map((entry) => entry.conversationId));
  for (const id of conversations) void drain(client, id);
}

/** Puts something on its way. It is on screen at once and called sent only when the server said so. */
export function post(client: QueryClient, entry: NewEntry): void {
  const fresh = { ...entry, at: new Date().toISOString(), state: "sending" } as Entry;
  change((entries) => [...entries, fresh]);
  void drain(client, entry.conversationId);
}

/** Tries a refused entry again. A definite refusal sent nothing, so this is a new act with a new key. */
export function retry(client: QueryClient, key: string): void {
  const entry = useOutbox.getState().entries.find((each) => each.key === key);
  if (!entry) return;
  const fresh = entry.error && entry.error.status >= 500 ? key : newKey();
  set(key, { key: fresh, state: "waiting", error: undefined });
  void drain(client, entry.conversationId);
}

function read(owner: string): Entry[] {
  try {
    const kept: unknown = JSON.parse(remembered(storageKey(owner)) ?? "[]");
    return Array.isArray(kept)
      ? kept.map((entry) => ({ ...(entry as Entry), state: "waiting", error: undefined }))
      : [];
  } catch {
    return [];
  }
}

let stop: (() => void) | null = null;

/** Opens the outbox of the signed-in person and sends what was left, now and whenever the connection returns. */
export function openOutbox(client: QueryClient, owner: string): void {
  if (useOutbox.getState().owner === owner) return;
  stop?.();
  useOutbox.setState({ owner, entries: read(owner) });
  const again = () => flush(client);
  const unsubscribe = useConnection.subscribe((now, before) => {
    if (now.state === "connected" && before.state !== "connected") again();
  });
  window.addEventListener("online", again);
  stop = () => {
    unsubscribe();
    window.removeEventListener("online", again);
  };
  again();
}
