import { QueryClient } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { keyOf } from "@/shared/api/queries";
import { contactPath } from "@/shared/people/contact-api";
import { expectAccessible } from "@/shared/testing/axe";
import { aContact, idOf, MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { withSizes } from "@/shared/testing/sizes";
import { events, isShown, useFresh } from "./events";
import { ContactsPage } from "./pages/contacts-page";

mockServer();
withSizes({ view: 400 });

const show = (path = "/app/contacts", session = {}) =>
  renderPage(<ContactsPage />, { route: "/app/contacts", path, session });

it("shows people in a table without an accessibility finding", async () => {
  const { container } = show();
  expect(await screen.findAllByText("Ana Beatriz Lopes")).not.toHaveLength(0);
  await expectAccessible(container);
});

it("a group limits the table, stands in the address as a chip, and the chip takes it away", async () => {
  const { router } = show();
  await userEvent.click(await screen.findByRole("button", { name: /^Regulars\s*200/ }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ group: idOf("grp", 1) }));
  await userEvent.click(await screen.findByRole("button", { name: "Remove filter Regulars" }));
  await waitFor(() => expect(router.state.location.search).not.toHaveProperty("group", idOf("grp", 1)));
});

it("an empty filter does not look like an empty business", async () => {
  show("/app/contacts?search=zzzz");
  expect(await screen.findByText("Nobody found")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findAllByText("Ana Beatriz Lopes")).not.toHaveLength(0);
});

it("a number is understood while it is typed, and who has it already is named", async () => {
  show();
  await userEvent.click(await screen.findByRole("button", { name: "Add contact" }));
  const dialog = await screen.findByRole("dialog");
  const number = within(dialog).getByRole("textbox", { name: "Number" });
  await userEvent.type(number, "0055 (11) 90000-1111");
  expect(within(dialog).getByText(/Understood as .*\+55/)).toBeInTheDocument();
  await userEvent.clear(number);
  await userEvent.type(number, "+14155550123");
  expect(await within(dialog).findByText(/is already here/)).toBeInTheDocument();
  await userEvent.clear(number);
  await userEvent.type(number, "12345");
  await userEvent.tab();
  expect(within(dialog).getByText("Begin with + and the country code.")).toBeInTheDocument();
  await expectAccessible(dialog);
});

it("a person is added and shown at once", async () => {
  show();
  await userEvent.click(await screen.findByRole("button", { name: "Add contact" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Zoë Keller");
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Number" }), "+41791234567");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add contact" }));
  expect(await screen.findByRole("heading", { name: "Zoë Keller" })).toBeInTheDocument();
});

it("the drawer changes tags where they stand and offers to write", async () => {
  show(`/app/contacts?contact=${idOf("con", 4)}`);
  const drawer = await screen.findByRole("dialog", { name: "Jonas Weber" });
  await userEvent.click(within(drawer).getByRole("button", { name: "Remove tag VIP" }));
  await waitFor(() => expect(within(drawer).queryByText("VIP")).not.toBeInTheDocument());
  expect(within(drawer).getByRole("button", { name: "Message" })).toBeInTheDocument();
  await expectAccessible(drawer);
});

it("selected people are put into a group together", async () => {
  let ids: string[] = [];
  server.use(
    http.post("*/api/console/groups/:id/members", async ({ request }) => {
      ids = ((await request.json()) as { contact_ids: string[] }).contact_ids;
      return HttpResponse.json({ added: ids.length });
    }),
  );
  show();
  await screen.findAllByText("Ana Beatriz Lopes");
  const boxes = screen.getAllByRole("checkbox", { name: "Select row" });
  for (const box of boxes.slice(0, 2)) await userEvent.click(box);
  expect(screen.getByText("2 selected")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Add to group" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /Wholesale/ }));
  await waitFor(() => expect(ids).toHaveLength(2));
  await waitFor(() => expect(screen.queryByText("2 selected")).not.toBeInTheDocument());
});

it("who may only read sees why nothing can be changed", async () => {
  show("/app/contacts", { permissions: MEMBER_PERMISSIONS });
  await screen.findAllByText("Ana Beatriz Lopes");
  expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
  await userEvent.hover(screen.getByRole("button", { name: "Add contact" }));
  expect(await screen.findAllByText("You do not have permission to change contacts.")).not.toHaveLength(0);
});

it("an event about a shown person reads that person again; others wait behind the pill", async () => {
  const client = new QueryClient();
  client.setQueryData(keyOf(contactPath(idOf("con", 1))), aContact(1, { name: "Old name" }));
  expect(isShown(client, idOf("con", 1))).toBe(true);
  events["contact.updated"]?.({ contact_id: idOf("con", 1) }, client);
  await waitFor(() =>
    expect(client.getQueryData(keyOf(contactPath(idOf("con", 1))))).toMatchObject({ name: "Rahul Deshmukh" }),
  );
  events["contact.updated"]?.({ contact_id: idOf("con", 77) }, client);
  expect(useFresh.getState().ids).toEqual([idOf("con", 77)]);
});
