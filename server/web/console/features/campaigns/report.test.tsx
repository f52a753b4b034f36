import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { currentToasts, removeToast } from "@/kit/toast";
import type { Session } from "@/shared/api/types";
import { refuse } from "@/shared/testing/answer";
import { idOf, MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { aCampaign } from "@/shared/testing/data-outreach";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { withSizes } from "@/shared/testing/sizes";
import { CampaignPage } from "./pages/campaign-page";

mockServer();
withSizes({ view: 400 });

const ID = idOf("cmp", 1);
const REPORT = "*/api/console/campaigns/:id/report";
const saved: { name: string; file: Blob }[] = [];

beforeEach(() => {
  saved.length = 0;
  for (const { id } of currentToasts()) removeToast(id);
  let file = new Blob();
  // The browser under test can neither name a blob nor save one.
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => {
      file = blob;
      return "blob:report";
    },
    revokeObjectURL: () => undefined,
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, file });
  });
});
afterEach(() => void vi.restoreAllMocks());

const report = (session: Partial<Session> = {}) =>
  renderPage(<CampaignPage />, { route: "/app/campaigns/$id", path: `/app/campaigns/${ID}`, session });
const button = () => screen.findByRole("button", { name: "Download report" });

it("whoever may see a campaign saves its report, by keyboard as well", async () => {
  server.use(http.get(REPORT, () => HttpResponse.text("n,address\r\n1,+5511981234567\r\n")));
  report({ permissions: MEMBER_PERMISSIONS });
  (await button()).focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]?.name).toBe(`campaign-${ID}-report.csv`);
  expect(await saved[0]?.file.text()).toBe("n,address\r\n1,+5511981234567\r\n");
  expect(currentToasts()).toEqual([]);
});

it("a report that cannot be had is said, and nothing is saved", async () => {
  server.use(http.get(REPORT, () => refuse(503, "STORE_UNAVAILABLE", "please try again")));
  report();
  await userEvent.click(await button());
  await waitFor(() =>
    expect(currentToasts()).toMatchObject([
      { title: "The report was not saved", text: "please try again", tone: "bad" },
    ]),
  );
  expect(saved).toEqual([]);
});

it("a report that breaks off is not saved as if it were whole", async () => {
  const half = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("n,address\r\n1,"));
        controller.error(new Error("the connection broke"));
      },
    });
  server.use(http.get(REPORT, () => new HttpResponse(half())));
  report();
  await userEvent.click(await button());
  await waitFor(() => expect(currentToasts()).toMatchObject([{ title: "The report was not saved" }]));
  expect(saved).toEqual([]);
});

it("a draft has no report", async () => {
  server.use(
    http.get("*/api/console/campaigns/:id", () => HttpResponse.json(aCampaign(1, { status: "draft" }))),
  );
  report();
  expect(await screen.findByRole("link", { name: "Continue editing" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Download report" })).not.toBeInTheDocument();
});
