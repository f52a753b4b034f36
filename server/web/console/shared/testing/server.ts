import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";
import { handlers, resetMock } from "./handlers";

export const server = setupServer(...handlers);

/** Call once at the top of a test file that talks to the API. A request nobody answers fails the test. */
export function mockServer(): void {
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => {
    server.resetHandlers();
    resetMock();
  });
  afterAll(() => server.close());
}
