import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setLanguage } from "@/shared/i18n/i18n";
import { setConnected, useConnection } from "@/shared/realtime/connection";
import { expectAccessible } from "@/shared/testing/axe";
import { MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { renderPage } from "@/shared/testing/render";
import { mockServer } from "@/shared/testing/server";
import { ShellPage } from "./pages/shell-page";

mockServer();
const idle = () => () => undefined;
const rail = async () =>
  within((await screen.findAllByRole("navigation", { name: "Main" }))[0] as HTMLElement);

beforeEach(() => useConnection.setState({ state: "connected", since: null }));
afterEach(async () => {
  vi.useRealTimers();
  await act(() => setLanguage("en"));
});

it("shows only pages that the person may open", async () => {
  renderPage(<ShellPage startLive={idle} />, { session: { permissions: ["inbox.view_assigned"] } });
  const links = (await rail()).getAllByRole("link").map((link) => link.textContent);
  expect(links.some((text) => text?.startsWith("Inbox"))).toBe(true);
  expect(links.some((text) => text?.startsWith("Campaigns"))).toBe(false);
  expect(links.some((text) => text?.startsWith("Channels"))).toBe(false);
});

it("the inbox carries the count of what waits", async () => {
  renderPage(<ShellPage startLive={idle} />);
  expect(await screen.findAllByText("3 conversations wait for you")).not.toHaveLength(0);
});

it("the palette finds a page by its name and opens it", async () => {
  const { router } = renderPage(<ShellPage startLive={idle} />);
  await rail();
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByPlaceholderText("Type a page or an action"), "camp{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/app/campaigns"));
});

it("g then c goes to the contacts", async () => {
  const { router } = renderPage(<ShellPage startLive={idle} />);
  await rail();
  await userEvent.keyboard("gc");
  await waitFor(() => expect(router.state.location.pathname).toBe("/app/contacts"));
});

it("the chosen channel goes into the address", async () => {
  const { router } = renderPage(<ShellPage startLive={idle} />);
  await userEvent.click((await rail()).getByRole("button", { name: /Change channel/ }));
  await userEvent.click(await screen.findByRole("menuitemradio", { name: /Lumen 2/ }));
  await waitFor(() =>
    expect(router.state.location.search).toMatchObject({ channel: expect.stringContaining("chn_") }),
  );
});

it("the language changes at once and turns the page", async () => {
  renderPage(<ShellPage startLive={idle} />, {
    session: { user: { id: "u", email: "e", name: "Nura", locale: "ar", theme: "system" } },
  });
  await waitFor(() => expect(document.documentElement.dir).toBe("rtl"));
  expect(await screen.findAllByText("صندوق الوارد")).not.toHaveLength(0);
});

it("a lost connection is told, and the word goes with its return", async () => {
  renderPage(<ShellPage startLive={idle} />);
  await rail();
  vi.useFakeTimers();
  act(() => useConnection.setState({ state: "lost", since: Date.now() }));
  act(() => vi.advanceTimersByTime(3100));
  expect(screen.getByText("Reconnecting…")).toBeInTheDocument();
  act(() => setConnected());
  expect(screen.queryByText("Reconnecting…")).not.toBeInTheDocument();
});

it("has no accessibility finding", async () => {
  const { container } = renderPage(<ShellPage startLive={idle} />, {
    session: { permissions: MEMBER_PERMISSIONS, role: "member" },
  });
  await rail();
  await expectAccessible(container);
});
