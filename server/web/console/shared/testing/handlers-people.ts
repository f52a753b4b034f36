import { HttpResponse, http } from "msw";
import type { Contact, ContactInput, Group, GroupInput } from "../api/types";
import type { Campaign, CampaignInput, Template } from "../api/types-outreach";
import { bodyOf, empty, has, pageOf, refuse } from "./answer";
import { aContact, aGroup, ago, idOf } from "./data";
import { aCampaign, aRecipient, aTemplate } from "./data-outreach";

const API = "*/api/console";
const contacts: Contact[] = [];
const groups: Group[] = [];
const templates: Template[] = [];
const campaigns: Campaign[] = [];

export function resetPeople(): void {
  contacts.splice(0, contacts.length, ...Array.from({ length: 120 }, (_, n) => aContact(n)));
  groups.splice(0, groups.length, ...[1, 2, 3].map(aGroup));
  templates.splice(0, templates.length, ...[1, 2, 3].map((n) => aTemplate(n)));
  campaigns.splice(0, campaigns.length, ...[1, 2, 3].map((n) => aCampaign(n)));
}

const byId = <T extends { id: string }>(rows: T[], id: unknown) => rows.find((row) => row.id === id);
const missing = () => refuse(404, "NOT_FOUND", "There is no such thing.");
const drop = <T extends { id: string }>(rows: T[], id: unknown) => {
  const at = rows.findIndex((row) => row.id === id);
  if (at >= 0) rows.splice(at, 1);
  return empty();
};

const contactHandlers = [
  http.get(`${API}/contacts`, ({ request }) => {
    const { searchParams } = new URL(request.url);
    const [group, tag] = [searchParams.get("group_id"), searchParams.get("tag")];
    return pageOf(
      contacts,
      request,
      (row, search) =>
        (!group || row.groups.some(({ id }) => id === group)) &&
        (!tag || row.tags.includes(tag)) &&
        (has(row.name, search) || has(row.phone, search) || has(row.email, search)),
    );
  }),
  http.get(`${API}/contacts/:id`, ({ params }) => {
    const found = byId(contacts, params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/contacts`, async ({ request }) => {
    const body = await bodyOf<ContactInput>(request);
    const known = body.phone ? contacts.find(({ phone }) => phone === body.phone) : undefined;
    if (known) return HttpResponse.json(Object.assign(known, body));
    const made = aContact(contacts.length, {
      groups: [],
      tags: [],
      fields: {},
      opted_out: false,
      name: null,
      phone: null,
      email: null,
      ...body,
      source: "manual",
      created_at: ago(0),
    });
    contacts.unshift(made);
    return HttpResponse.json(made, { status: 201 });
  }),
  http.put(`${API}/contacts/:id`, async ({ params, request }) => {
    const found = byId(contacts, params.id);
    return found ? HttpResponse.json(Object.assign(found, await bodyOf<ContactInput>(request))) : missing();
  }),
  http.delete(`${API}/contacts/:id`, ({ params }) => drop(contacts, params.id)),
  http.get(`${API}/groups`, ({ request }) => pageOf(groups, request, (row, search) => has(row.name, search))),
  http.get(`${API}/groups/:id`, ({ params }) => {
    const found = byId(groups, params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/groups`, async ({ request }) => {
    const body = await bodyOf<GroupInput>(request);
    const made: Group = {
      id: idOf("grp", groups.length + 1),
      name: body.name ?? "",
      description: body.description ?? null,
      member_count: 0,
      created_at: ago(0),
    };
    groups.push(made);
    return HttpResponse.json(made, { status: 201 });
  }),
  http.patch(`${API}/groups/:id`, async ({ params, request }) => {
    const found = byId(groups, params.id);
    return found ? HttpResponse.json(Object.assign(found, await bodyOf<GroupInput>(request))) : missing();
  }),
  http.delete(`${API}/groups/:id`, ({ params }) => drop(groups, params.id)),
  http.post(`${API}/groups/:id/members`, async ({ request }) =>
    HttpResponse.json({ added: (await bodyOf<{ contact_ids: string[] }>(request)).contact_ids?.length ?? 0 }),
  ),
  http.delete(`${API}/groups/:id/members`, async ({ request }) =>
    HttpResponse.json({
      removed: (await bodyOf<{ contact_ids: string[] }>(request)).contact_ids?.length ?? 0,
    }),
  ),
];

/** Moves a campaign when its state allows it. */
const step =
  (from: Campaign["status"][], to: Campaign["status"]) =>
  ({ params }: { params: Record<string, unknown> }) => {
    const found = byId(campaigns, params.id);
    if (!found) return missing();
    if (!from.includes(found.status))
      return refuse(409, "CAMPAIGN_STATE", "The campaign is in another state.");
    found.status = to;
    return HttpResponse.json(found);
  };

const campaignHandlers = [
  http.get(`${API}/templates`, ({ request }) => {
    const status = new URL(request.url).searchParams.get("status");
    return pageOf(
      templates,
      request,
      (row, search) => (!status || row.status === status) && has(row.name, search),
    );
  }),
  http.get(`${API}/templates/:id`, ({ params }) => {
    const found = byId(templates, params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/templates/sync`, () => HttpResponse.json({ synced: templates.length })),
  http.get(`${API}/campaigns`, ({ request }) => {
    const status = new URL(request.url).searchParams.get("status");
    return pageOf(
      campaigns,
      request,
      (row, search) => (!status || row.status === status) && has(row.name, search),
    );
  }),
  http.post(`${API}/campaigns`, async ({ request }) => {
    const body = await bodyOf<CampaignInput>(request);
    const made = aCampaign(2, {
      id: idOf("cmp", campaigns.length + 1),
      name: body.name ?? "",
      audience: body.audience,
      variables: body.variables ?? {},
      status: "draft",
      created_at: ago(0),
    });
    campaigns.unshift(made);
    return HttpResponse.json(made, { status: 201 });
  }),
  http.post(`${API}/campaigns/preview`, () =>
    HttpResponse.json({
      selected: 206,
      opted_out: 3,
      unreachable: 1,
      duplicates: 2,
      missing_values: 0,
      total: 200,
      forecast: { limit: null, left: null, per_second: 80, done_at: null },
      samples: contacts.slice(0, 3).map(({ name, phone }) => ({
        name,
        phone,
        text: `Hi ${name ?? "friend"}, your box is ready. Show this to get 10% off.`,
      })),
    }),
  ),
  http.get(`${API}/campaigns/:id`, ({ params }) => {
    const found = byId(campaigns, params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.patch(`${API}/campaigns/:id`, async ({ params, request }) => {
    const found = byId(campaigns, params.id);
    if (!found) return missing();
    if (found.status !== "draft") return refuse(409, "CAMPAIGN_STATE", "Only drafts can be changed.");
    const { name, audience, variables } = await bodyOf<CampaignInput>(request);
    return HttpResponse.json(
      Object.assign(found, {
        name: name ?? found.name,
        audience: audience ?? found.audience,
        variables: variables ?? found.variables,
      }),
    );
  }),
  http.delete(`${API}/campaigns/:id`, ({ params }) => drop(campaigns, params.id)),
  http.post(`${API}/campaigns/:id/start`, step(["draft", "scheduled"], "sending")),
  http.post(`${API}/campaigns/:id/pause`, step(["sending", "preparing"], "paused")),
  http.post(`${API}/campaigns/:id/resume`, step(["paused"], "sending")),
  http.post(
    `${API}/campaigns/:id/cancel`,
    step(["draft", "scheduled", "preparing", "sending", "paused"], "cancelled"),
  ),
  http.get(`${API}/campaigns/:id/recipients`, ({ request }) => {
    const state = new URL(request.url).searchParams.get("state");
    return pageOf(
      Array.from({ length: 200 }, (_, n) => aRecipient(n)),
      request,
      (row, search) => (!state || row.state === state) && has(row.contact.name, search),
    );
  }),
  http.get(`${API}/campaigns/:id/report`, () => HttpResponse.text("n,address,state\r\n")),
  http.get(`${API}/campaigns/:id/failures`, () =>
    HttpResponse.json({
      data: [
        {
          code: "META_131026",
          message: "This number is not on WhatsApp.",
          advice: "Check the number with the customer.",
          count: 3,
        },
      ],
    }),
  ),
];

export const peopleHandlers = [...contactHandlers, ...campaignHandlers];
