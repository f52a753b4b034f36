/** A refusal of the server, or the lack of one: what people read, and what helps those who look into it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly details: { field: string; message: string }[];
  /** Seconds after which trying again makes sense, where the server named it. */
  readonly retryAfter: number | null;

  constructor(
    message: string,
    about: {
      status: number;
      code: string;
      requestId?: string | null;
      details?: { field: string; message: string }[];
      retryAfter?: number | null;
    },
  ) {
    super(message);
    this.name = "ApiError";
    this.status = about.status;
    this.code = about.code;
    this.requestId = about.requestId ?? null;
    this.details = about.details ?? [];
    this.retryAfter = about.retryAfter ?? null;
  }
}

type Body = { message?: unknown; code?: unknown; request_id?: unknown; details?: unknown };

const isDetail = (value: unknown): value is { field: string; message: string } =>
  typeof value === "object" && value !== null && "field" in value && "message" in value;

/** Reads the server's error body; a body that is not ours still becomes an error with a code. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: Body = await response
    .clone()
    .json()
    .then((value: unknown): Body => (typeof value === "object" && value !== null ? value : {}))
    .catch((): Body => ({}));
  const retryAfter = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  return new ApiError(typeof body.message === "string" ? body.message : "", {
    status: response.status,
    code: typeof body.code === "string" ? body.code : `HTTP_${response.status}`,
    requestId: typeof body.request_id === "string" ? body.request_id : response.headers.get("x-request-id"),
    details: Array.isArray(body.details) ? body.details.filter(isDetail) : [],
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
  });
}

/** The error of a request that got no answer. */
export function offlineError(): ApiError {
  return new ApiError("", { status: 0, code: "NETWORK" });
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;
