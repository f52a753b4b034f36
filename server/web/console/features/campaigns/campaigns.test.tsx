import { QueryClient } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it, vi } from "vitest";
import { keyOf, pages, rowsOf } from "@/shared/api/queries";
import type { Campaign, CampaignInput } from "@/shared/api/types-outreach";
import { refuse } from "@/shared/testing/answer";
import { expectAccessible } from "@/shared/testing/axe";
import { idOf, MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { aCampaign } from "@/shared/testing/data-outreach";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { withSizes } from "@/shared/testing/sizes";
import { CAMPAIGNS, campaignPath, showCampaign, withCampaign } from "./events";
import { CampaignNewPage } from "./pages/campaign-new-page";
import { CampaignPage } from "./pages/campaign-page";
import { CampaignsPage } from "./pages/campaigns-page";
import { HoldButton } from "./parts/hold-button";

mockServer();
withSizes({ view: 400 });

const list = (session = {}) => renderPage(<CampaignsPage />, { path: "/app/campaigns", session });
const wizard = (query = "") =>
  renderPage(<CampaignNewPage />, { route: "/app/campaigns/new", path: `/app/campaigns/new${query}` });
const report = (n: number) =>
  renderPage(<CampaignPage />, { route: "/app/campaigns/$id", path: `/app/campaigns/${idOf("cmp", n)}` });

it("the list shows each campaign with its state, without an accessibility finding", async () => {
  const { container } = list();
  const table = await screen.findByRole("table");
  await within(table).findByText("Autumn boxes");
  expect(within(table).getByText("Sending")).toBeInTheDocument();
  expect(within(table).getByText("Draft")).toBeInTheDocument();
  await expectAccessible(container);
});

it("who may not make campaigns is told why", async () => {
  list({ permissions: MEMBER_PERMISSIONS });
  await userEvent.hover(await screen.findByRole("button", { name: "New campaign" }));
  expect(await screen.findAllByText("You do not have permission to make campaigns.")).not.toHaveLength(0);
});

it("a draft saves itself once and is changed afterwards, never made twice", async () => {
  const sent: { method: string; body: CampaignInput }[] = [];
  const answer = async (request: Request) => {
    const body = (await request.json()) as CampaignInput;
    sent.push({ method: request.method, body });
    return HttpResponse.json(
      aCampaign(2, {
        ...body,
        id: idOf("cmp", 50),
        template: { id: body.template_id, name: "order_ready", language: "en" },
      }),
    );
  };
  server.use(
    http.post("*/api/console/campaigns", ({ request }) => answer(request)),
    http.patch("*/api/console/campaigns/:id", ({ request }) => answer(request)),
  );
  const { container, router } = wizard();
  await userEvent.click(await screen.findByRole("radio", { name: /order_ready/ }));
  expect(await screen.findByText(/Saved ·/, {}, { timeout: 3000 })).toBeInTheDocument();
  expect(sent[0]).toMatchObject({
    method: "POST",
    body: { name: "order ready", variables: { "body.1": "{{name}}" } },
  });
  await waitFor(() => expect(router.state.location.search).toMatchObject({ draft: idOf("cmp", 50) }));
  await userEvent.type(
    screen.getByRole("textbox", { name: "Text, 1: text for those who lack it" }),
    "friend",
  );
  await waitFor(() => expect(sent.at(-1)?.body.variables).toEqual({ "body.1": "{{name|friend}}" }), {
    timeout: 3000,
  });
  expect(sent.filter(({ method }) => method === "POST")).toHaveLength(1);
  await expectAccessible(container);
});

it("the audience tells every reduction and what of the pasted numbers was understood", async () => {
  wizard(`?draft=${idOf("cmp", 2)}&step=audience`);
  expect(await screen.findByText("Will receive it")).toBeInTheDocument();
  expect(screen.getByText("opted out")).toBeInTheDocument();
  expect(screen.queryByText("lack a value")).not.toBeInTheDocument();
  await userEvent.type(screen.getByRole("textbox", { name: "Numbers" }), "+14155550123\nhello");
  expect(screen.getByText("1 number understood")).toBeInTheDocument();
  expect(screen.getByText("1 not understood: hello")).toBeInTheDocument();
});

it("what blocks sending is named and leads to its step", async () => {
  const { router } = wizard("?step=check");
  expect(await screen.findByText("Choose who receives it.")).toBeInTheDocument();
  const finding = screen.getByText("Choose who receives it.").closest("li");
  if (!finding) throw new Error("the finding stands in a list");
  await userEvent.click(within(finding).getByRole("button", { name: "Go there" }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ step: "audience" }));
});

it("a checked draft is sent with one press and its report opens", async () => {
  server.use(
    http.get("*/api/console/campaigns/:id", () =>
      HttpResponse.json(
        aCampaign(2, { template: { id: idOf("tpl", 1), name: "order_ready", language: "en" } }),
      ),
    ),
    http.post("*/api/console/campaigns/:id/start", () =>
      HttpResponse.json(aCampaign(2, { status: "preparing" })),
    ),
  );
  const { router } = wizard(`?draft=${idOf("cmp", 2)}&step=check`);
  const send = await screen.findByRole("button", { name: "Send to 200 people" });
  await waitFor(() => expect(send).not.toHaveAttribute("aria-disabled", "true"));
  await userEvent.click(send);
  await waitFor(() => expect(router.state.location.pathname).toBe(`/app/campaigns/${idOf("cmp", 2)}`));
});

it("a large act needs holding; a short press asks in words", () => {
  vi.useFakeTimers();
  const [done, short] = [vi.fn(), vi.fn()];
  const { unmount } = renderHold(done, short);
  const button = screen.getByRole("button");
  fireEvent.pointerDown(button);
  act(() => void vi.advanceTimersByTime(800));
  fireEvent.pointerUp(button);
  fireEvent.click(button);
  expect([done, short].map((each) => each.mock.calls.length)).toEqual([0, 1]);
  fireEvent.pointerDown(button);
  act(() => void vi.advanceTimersByTime(1500));
  fireEvent.pointerUp(button);
  fireEvent.click(button);
  expect([done, short].map((each) => each.mock.calls.length)).toEqual([1, 1]);
  unmount();
  vi.useRealTimers();
});

it("the report shows figures, causes and people, without an accessibility finding", async () => {
  const { container } = report(1);
  expect(await screen.findByRole("heading", { name: "Autumn boxes" })).toBeInTheDocument();
  expect(await screen.findByRole("heading", { name: "Why messages failed" })).toBeInTheDocument();
  expect(await screen.findAllByText("Ana Beatriz Lopes")).not.toHaveLength(0);
  await expectAccessible(container);
});

it("pausing changes the state; a refusal is said and the newest state read", async () => {
  report(1);
  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
  expect(await screen.findByText("Paused")).toBeInTheDocument();
  let asked = 0;
  server.use(
    http.post("*/api/console/campaigns/:id/resume", () => refuse(409, "CAMPAIGN_STATE", "no")),
    http.get("*/api/console/campaigns/:id", () => {
      asked += 1;
      return HttpResponse.json(aCampaign(1, { status: "cancelled", revision: 9 }));
    }),
  );
  await userEvent.click(screen.getByRole("button", { name: "Resume" }));
  expect(await screen.findByText("Cancelled")).toBeInTheDocument();
  expect(asked).toBeGreaterThan(0);
});

it("cancelling asks first and says whom it concerns", async () => {
  server.use(http.get("*/api/console/campaigns/:id", () => HttpResponse.json(aCampaign(1))));
  report(1);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel campaign" }));
  expect(await screen.findByText(/80 people who still wait will not get it/)).toBeInTheDocument();
});

it("finishing names the unknown ones", async () => {
  const counts = { ...aCampaign(1).counts, waiting: 0, unknown: 12 };
  server.use(http.get("*/api/console/campaigns/:id", () => HttpResponse.json(aCampaign(1, { counts }))));
  report(1);
  expect(await screen.findByText("Finishing")).toBeInTheDocument();
  expect(screen.getByText(/12 messages are unknown/)).toBeInTheDocument();
});

it("what holds a campaign back is said, and until when", async () => {
  const waiting = { reason: "budget", until: "2031-03-02T09:00:00Z" } as const;
  server.use(http.get("*/api/console/campaigns/:id", () => HttpResponse.json(aCampaign(1, { waiting }))));
  const { container } = report(1);
  const banner = await screen.findByText(/as many new people as WhatsApp allows in 24 hours/);
  expect(banner).toHaveTextContent(/It goes on .*2031/);
  await expectAccessible(container);
});

it("before sending it is said how many new people are left today and when all have it", async () => {
  const forecast = { limit: 250, left: 40, per_second: 80, done_at: "2031-03-02T09:00:00Z" };
  server.use(
    http.post("*/api/console/campaigns/preview", () =>
      HttpResponse.json({
        ...{ selected: 200, opted_out: 0, unreachable: 0, duplicates: 0, missing_values: 0, total: 200 },
        ...{ samples: [], forecast },
      }),
    ),
  );
  wizard(`?draft=${idOf("cmp", 2)}&step=check`);
  expect(await screen.findByText("40 of 250 left now")).toBeInTheDocument();
  expect(screen.getByText(/about .*2031/)).toBeInTheDocument();
});

it("an event changes the list and the report, an older one changes nothing", () => {
  const client = new QueryClient();
  const query = pages<Campaign>(CAMPAIGNS, {});
  client.setQueryData(query.queryKey, {
    pages: [{ data: [aCampaign(1)], next_cursor: null }],
    pageParams: [null],
  });
  client.setQueryData(keyOf(campaignPath(idOf("cmp", 1))), aCampaign(1));
  showCampaign(client, aCampaign(1, { status: "paused", revision: 7 }));
  showCampaign(client, aCampaign(1, { status: "sending", revision: 6 }));
  expect(rowsOf(client.getQueryData(query.queryKey))[0]?.status).toBe("paused");
  expect(client.getQueryData<Campaign>(keyOf(campaignPath(idOf("cmp", 1))))?.status).toBe("paused");
  expect(
    withCampaign([aCampaign(1)], aCampaign(1, { status: "paused", revision: 7 }), "sending", false),
  ).toEqual([]);
});

function renderHold(done: () => void, short: () => void) {
  return render(
    <HoldButton busy={false} onDone={done} onShort={short}>
      Send
    </HoldButton>,
  );
}
