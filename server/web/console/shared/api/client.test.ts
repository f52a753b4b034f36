import { HttpResponse, http } from "msw";
import { expect, it, vi } from "vitest";
import { refuse } from "../testing/answer";
import { mockServer, server } from "../testing/server";
import { address, api, whenUnauthenticated } from "./client";
import { ApiError } from "./errors";

mockServer();
const PATH = "*/api/console/things";
const failure = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error("expected a refusal");
  return error;
};

it("leaves out parameters that say nothing", () => {
  expect(address("/contacts", { search: "", tag: undefined, group_id: null, limit: 50 })).toBe(
    "/api/console/contacts?limit=50",
  );
});

it("marks every unsafe request against forgery and keeps the key of the act", async () => {
  let seen: Headers | undefined;
  server.use(
    http.post(PATH, ({ request }) => {
      seen = request.headers;
      return HttpResponse.json({ id: "1" }, { status: 201 });
    }),
  );
  await api.post("/things", { name: "x" }, { idempotencyKey: "key-1" });
  expect(seen?.get("x-csrf")).toBe("1");
  expect(seen?.get("content-type")).toBe("application/json");
  expect(seen?.get("idempotency-key")).toBe("key-1");
});

it("turns the server's error body into message, code, request id and details", async () => {
  server.use(
    http.post(PATH, () => refuse(400, "FIELDS", "Look again.", [{ field: "name", message: "Missing." }])),
  );
  const error = await failure(api.post("/things"));
  expect(error).toMatchObject({
    status: 400,
    message: "Look again.",
    code: "FIELDS",
    requestId: "req_01jdtest",
    details: [{ field: "name", message: "Missing." }],
  });
});

it("an error page of a proxy still becomes an error with a code", async () => {
  server.use(
    http.get(
      PATH,
      () => new HttpResponse("<h1>Bad gateway</h1>", { status: 502, headers: { "x-request-id": "req_9" } }),
    ),
  );
  expect(await failure(api.get("/things"))).toMatchObject({
    code: "HTTP_502",
    requestId: "req_9",
    message: "",
  });
});

it("no answer at all is a network error", async () => {
  server.use(http.get(PATH, () => HttpResponse.error()));
  expect(await failure(api.get("/things"))).toMatchObject({ status: 0, code: "NETWORK" });
});

it("an ended session is told once, a wrong password is not an ended session", async () => {
  const ended = vi.fn();
  whenUnauthenticated(ended);
  server.use(http.get(PATH, () => refuse(401, "UNAUTHENTICATED", "Please sign in.")));
  await failure(api.get("/things"));
  await failure(api.post("/login", { email: "a", password: "wrong" }));
  expect(ended).toHaveBeenCalledTimes(1);
});
