import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it, vi } from "vitest";
import type { CampaignInput, Template } from "@/shared/api/types-outreach";
import { refuse } from "@/shared/testing/answer";
import { idOf } from "@/shared/testing/data";
import { aCampaign, aRecipient, aTemplate } from "@/shared/testing/data-outreach";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { withSizes } from "@/shared/testing/sizes";
import { NOBODY, USUAL } from "./model";
import { CampaignPage } from "./pages/campaign-page";
import { Rules } from "./parts/rules";

mockServer();
withSizes({ view: 400 });

const TEMPLATES = "*/api/console/templates";
const marketing = aTemplate(2);
const utility = aTemplate(1);
const input: CampaignInput = {
  name: "Autumn",
  template_id: marketing.id,
  audience: NOBODY,
  variables: {},
  rules: USUAL,
};

function form(template: Template, templates: Template[]) {
  const change = vi.fn();
  server.use(http.get(TEMPLATES, () => HttpResponse.json({ data: templates, next_cursor: null })));
  renderPage(<Rules input={input} template={template} onChange={change} />, {
    route: "/app/x",
    path: "/app/x",
  });
  return change;
}

it("the other way and the fall-back are chosen by keyboard", async () => {
  const change = form(marketing, [marketing, utility]);
  (await screen.findByRole("checkbox", { name: "Then try the other way" })).focus();
  await userEvent.keyboard(" ");
  expect(change).toHaveBeenLastCalledWith({ rules: { ...USUAL, marketing_messages: true } });
  const list = screen.getByRole("combobox", { name: "In the end, send a utility template" });
  await vi.waitFor(() => expect(list).toBeEnabled());
  list.focus();
  await userEvent.keyboard("{Enter}");
  await userEvent.click(await screen.findByRole("option", { name: /order_ready/ }));
  expect(change).toHaveBeenLastCalledWith({ rules: { ...USUAL, fallback_template_id: utility.id } });
});

it("a template that needs other values is not offered, and it is said that none is left", async () => {
  const more = { key: "body.3", component: "body" as const, name: "3", sample: "x" };
  form(marketing, [aTemplate(1, { variables: [...utility.variables, more] })]);
  expect(await screen.findByText(/No approved utility template/)).toBeInTheDocument();
  expect(screen.getByRole("combobox", { name: "In the end, send a utility template" })).toBeDisabled();
});

it("only marketing has other ways", async () => {
  form(utility, []);
  expect(await screen.findByText(/Only for marketing templates/)).toBeInTheDocument();
  expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
});

it("templates that cannot be loaded are asked for again", async () => {
  form(marketing, []);
  server.use(http.get(TEMPLATES, () => refuse(503, "UNAVAILABLE", "down")));
  expect(await screen.findByText("The templates could not be loaded.")).toBeInTheDocument();
  server.use(http.get(TEMPLATES, () => HttpResponse.json({ data: [utility], next_cursor: null })));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("combobox", { name: "In the end, send a utility template" })).toBeEnabled();
});

it("a person's line names the way and why the campaign gave up", async () => {
  const held = { code: "META_131049", message: "Held back.", advice: null };
  const person = {
    ...aRecipient(3),
    state: "failed",
    error: held,
    route: "marketing_messages",
    gave_up: "tried",
  };
  const id = idOf("cmp", 3);
  const campaign = "*/api/console/campaigns/:id";
  server.use(
    http.get(campaign, () => HttpResponse.json(aCampaign(3))),
    http.get(`${campaign}/failures`, () => HttpResponse.json({ data: [] })),
    http.get(`${campaign}/recipients`, () => HttpResponse.json({ data: [person], next_cursor: null })),
  );
  renderPage(<CampaignPage />, { route: "/app/campaigns/$id", path: `/app/campaigns/${id}` });
  const people = await screen.findByRole("region", { name: "Recipients" });
  expect(await within(people).findByText("over Marketing Messages")).toBeInTheDocument();
  expect(within(people).getByText(/Every way was tried\./)).toBeInTheDocument();
});
