import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/answer";
import { expectAccessible } from "@/shared/testing/axe";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { LoginPage } from "./pages/login-page";
import { SetupPage } from "./pages/setup-page";

mockServer();

async function signIn(password: string) {
  await userEvent.type(await screen.findByLabelText("E-mail"), "marina@lumen.example");
  await userEvent.type(screen.getByLabelText("Password"), `${password}{Enter}`);
}

it("a wrong sign-in does not say which part was wrong", async () => {
  renderPage(<LoginPage />, { path: "/login" });
  await signIn("wrong");
  expect(await screen.findByText("E-mail or password is not right.")).toBeInTheDocument();
});

it("after signing in one is where one wanted to go", async () => {
  const { router } = renderPage(<LoginPage />, { path: "/login?to=/app/campaigns", route: "/login" });
  await signIn("a long sentence to keep");
  await waitFor(() => expect(router.state.location.pathname).toBe("/app/campaigns"));
});

it("a lock-out says how long to wait", async () => {
  server.use(
    http.post("*/api/console/login", () =>
      HttpResponse.json(
        { error: true, code: "LOGIN_THROTTLED", message: "Slow down.", request_id: "r" },
        { status: 429, headers: { "retry-after": "300" } },
      ),
    ),
  );
  renderPage(<LoginPage />, { path: "/login" });
  await signIn("whatever it was");
  expect(await screen.findByText("Too many tries. Try again in 5 minutes.")).toBeInTheDocument();
});

it("empty fields are told at submit and the first gets the focus", async () => {
  const { container } = renderPage(<LoginPage />, { path: "/login" });
  await userEvent.click(await screen.findByRole("button", { name: "Sign in" }));
  expect(await screen.findByText("Enter your e-mail address.")).toBeInTheDocument();
  expect(screen.getByLabelText("E-mail")).toHaveFocus();
  await expectAccessible(container);
});

it("a server that is set up already leads to the sign-in", async () => {
  renderPage(<SetupPage />, { path: "/setup" });
  expect(await screen.findByText("This server is set up")).toBeInTheDocument();
});

it("the setup takes the token from the link and shows the server's remark at its field", async () => {
  server.use(
    http.get("*/api/console/setup", () => HttpResponse.json({ needed: true })),
    http.post("*/api/console/setup", () =>
      refuse(400, "PASSWORD_WEAK", "This password is well known.", [
        { field: "password", message: "This password is well known." },
      ]),
    ),
  );
  renderPage(<SetupPage />, { path: "/setup?token=st_1", route: "/setup" });
  expect(await screen.findByLabelText("Setup token")).toHaveValue("st_1");
  await userEvent.type(screen.getByLabelText("Business name"), "Lumen");
  await userEvent.type(screen.getByLabelText("Your name"), "Marina");
  await userEvent.type(screen.getByLabelText("E-mail"), "marina@lumen.example");
  await userEvent.type(screen.getByLabelText("Password"), "passwordpassword");
  await userEvent.click(screen.getByRole("button", { name: "Create account" }));
  expect(await screen.findAllByText("This password is well known.")).not.toHaveLength(0);
  expect(screen.getByLabelText("Password")).toBeInvalid();
});
