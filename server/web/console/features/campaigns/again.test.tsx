import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it, vi } from "vitest";
import type { Campaign, CampaignInput } from "@/shared/api/types-outreach";
import { refuse } from "@/shared/testing/answer";
import { idOf, MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { aCampaign, aTemplate } from "@/shared/testing/data-outreach";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { withSizes } from "@/shared/testing/sizes";
import { NOBODY, USUAL } from "./model";
import { CampaignPage } from "./pages/campaign-page";
import { Rules } from "./parts/rules";

mockServer();
withSizes({ view: 400 });

const ID = idOf("cmp", 3);
const CAMPAIGN = "*/api/console/campaigns/:id";
const held = { code: "META_131049", message: "held back", advice: null, count: 4 };

/** The page of a campaign with one cause of failure; answers what was asked for. */
function page(change: Partial<Campaign> = {}, session = {}): unknown[] {
  const asked: unknown[] = [];
  const campaign = aCampaign(3, change);
  server.use(
    http.get(CAMPAIGN, () => HttpResponse.json(campaign)),
    http.get(`${CAMPAIGN}/failures`, () => HttpResponse.json({ data: [held] })),
    http.post(`${CAMPAIGN}/retry`, async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ ...campaign, status: "sending", revision: 9 });
    }),
  );
  renderPage(<CampaignPage />, { route: "/app/campaigns/$id", path: `/app/campaigns/${ID}`, session });
  return asked;
}
/** The button in the line that says this. */
const again = async (line: RegExp) => {
  const row = (await screen.findByText(line)).closest("li");
  return within(row as HTMLElement).getByRole("button", { name: "Send again" });
};
const FAILED = /META_131049/;
const UNCONFIRMED = /Nobody knows whether/;
const confirm = async () =>
  userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Send again" }));

it("those who failed for one cause are sent to again, after asking", async () => {
  const asked = page();
  await userEvent.click(await again(FAILED));
  expect(await screen.findByRole("dialog")).toHaveTextContent("Send again to 4?");
  expect(asked).toEqual([]);
  await confirm();
  await waitFor(() => expect(asked).toEqual([{ states: ["failed"], codes: ["META_131049"] }]));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

it("the unconfirmed are sent to again only with a warning that some may get it twice", async () => {
  const asked = page();
  await userEvent.click(await again(UNCONFIRMED));
  expect(await screen.findByRole("dialog")).toHaveTextContent("Some people may get it twice.");
  await confirm();
  await waitFor(() => expect(asked).toEqual([{ states: ["unconfirmed"] }]));
});

it("a refusal is said where it was asked", async () => {
  page();
  server.use(
    http.post(`${CAMPAIGN}/retry`, () => refuse(409, "CAMPAIGN_DEADLINE", "the deadline has passed")),
  );
  await userEvent.click(await again(FAILED));
  await confirm();
  expect(await screen.findByText(/deadline has passed/)).toBeInTheDocument();
});

it("what was ended stays ended, and who may not send is told so", async () => {
  page({ status: "cancelled" });
  await screen.findByText("Why messages failed");
  expect(screen.queryByRole("button", { name: "Send again" })).not.toBeInTheDocument();
});

it("who may not send cannot send again", async () => {
  page({}, { permissions: MEMBER_PERMISSIONS.filter((each) => each !== "campaigns.send") });
  expect(await again(FAILED)).toHaveAttribute("aria-disabled", "true");
});

it("the rules of a draft are chosen by keyboard", async () => {
  const change = vi.fn();
  const input: CampaignInput = {
    name: "Autumn",
    template_id: idOf("tpl", 1),
    audience: NOBODY,
    variables: {},
    scheduled_at: "2030-01-01T10:00:00Z",
    rules: { ...USUAL, deadline: "2029-12-31T10:00:00Z" },
  };
  renderPage(<Rules input={input} template={aTemplate(1)} onChange={change} />, {
    route: "/app/x",
    path: "/app/x",
  });
  expect(await screen.findByText("Choose a time after the start.")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("radio", { name: "Leave it out" }));
  expect(change).toHaveBeenLastCalledWith({ rules: { ...input.rules, late_start: "skip" } });
  screen.getByRole("radio", { name: "2" }).focus();
  await userEvent.keyboard(" ");
  expect(change).toHaveBeenLastCalledWith({ rules: { ...input.rules, hold_back_tries: 2 } });
  await userEvent.clear(screen.getByLabelText("Nothing after"));
  expect(change).toHaveBeenLastCalledWith({ rules: { ...input.rules, deadline: null } });
});
