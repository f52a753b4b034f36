import type { IncomingMessage } from "node:http";
import { getResponse, type RequestHandler } from "msw";
import type { Plugin } from "vite";

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length > 0 ? Buffer.concat(parts) : undefined;
}

/** Answers /api from the same handlers that the tests use, so the console runs without any server. */
export function mockApi(): Plugin {
  return {
    name: "mock-api",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/api", async (incoming, outgoing, next) => {
        try {
          const module = await server.ssrLoadModule("/shared/testing/handlers.ts");
          const body = await bodyOf(incoming);
          const request = new Request(new URL(`/api${incoming.url ?? ""}`, "http://localhost:3000"), {
            method: incoming.method ?? "GET",
            headers: incoming.headers as Record<string, string>,
            body: body ? new Uint8Array(body) : undefined,
          });
          const response = await getResponse(module.handlers as RequestHandler[], request);
          outgoing.statusCode = response?.status ?? 404;
          response?.headers.forEach((value, name) => {
            outgoing.setHeader(name, value);
          });
          outgoing.end(response ? Buffer.from(await response.arrayBuffer()) : undefined);
        } catch (error) {
          next(error);
        }
      });
    },
  };
}
