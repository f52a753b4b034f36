import { ApiError, errorOf, offlineError } from "./errors";

const BASE = "/api/console";

export type Params = Record<string, string | number | boolean | null | undefined>;
type Options = {
  params?: Params;
  body?: unknown;
  /** Multipart, for uploads only. */
  form?: FormData;
  /** One per act of a person, kept over retries, so that nothing is created or sent twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

/** Called when the server no longer knows the session; set by the session module. */
let onUnauthenticated: () => void = () => undefined;
export function whenUnauthenticated(handler: () => void): void {
  onUnauthenticated = handler;
}

/** A fresh key for one act: make it when the act begins, not when the request is sent. */
export const newKey = (): string => crypto.randomUUID();

export function address(path: string, params?: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return `${BASE}${path}${text === "" ? "" : `?${text}`}`;
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  if (method !== "GET") {
    headers.set("x-csrf", "1");
    if (!options.form) headers.set("content-type", "application/json");
  }
  if (options.idempotencyKey) headers.set("idempotency-key", options.idempotencyKey);
  const body = options.form ?? (method === "GET" ? undefined : JSON.stringify(options.body ?? {}));
  let response: Response;
  try {
    // Looked up at each call: tests and the mock mode replace it after this module was loaded.
    response = await globalThis.fetch(new URL(address(path, options.params), window.location.origin), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw offlineError();
  }
  if (response.ok) return response;
  const error = await errorOf(response);
  if (error.code === "UNAUTHENTICATED" || error.code === "SESSION_EXPIRED") onUnauthenticated();
  throw error;
}

async function json<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError("", {
      status: response.status,
      code: "BAD_ANSWER",
      requestId: response.headers.get("x-request-id"),
    });
  }
}

/** A file is whole or it is not there: one that breaks off is no file. */
async function file(path: string): Promise<Blob> {
  const response = await send("GET", path, {});
  try {
    return await response.blob();
  } catch {
    throw offlineError();
  }
}

/** The server's console API. Paths begin after `/api/console`. */
export const api = {
  get: <T>(path: string, params?: Params, signal?: AbortSignal) => json<T>("GET", path, { params, signal }),
  post: <T>(path: string, body?: unknown, options?: Pick<Options, "idempotencyKey" | "params">) =>
    json<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body?: unknown) => json<T>("PUT", path, { body }),
  patch: <T>(path: string, body?: unknown) => json<T>("PATCH", path, { body }),
  delete: <T = void>(path: string, body?: unknown) => json<T>("DELETE", path, { body }),
  download: (path: string) => file(path),
  upload: <T>(path: string, file: File, idempotencyKey: string) => {
    const form = new FormData();
    form.set("file", file);
    return json<T>("POST", path, { form, idempotencyKey });
  },
};
