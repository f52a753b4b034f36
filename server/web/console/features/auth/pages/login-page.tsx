import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input, PasswordInput } from "@/kit/input";
import { useErrorText } from "@/shared/api/use-error-text";
import { useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { setupQuery, useLogin } from "../api";
import { AuthFrame } from "../parts/auth-frame";

const rules = z.object({
  email: z.string().check(z.trim(), z.minLength(1, "validation.email_missing")),
  password: z.string().check(z.minLength(1, "validation.password_missing")),
});

/** Sign in, then go where the person wanted to go. */
export function LoginPage() {
  const { t } = useTranslation();
  const { to } = useSearch({ from: "/login" });
  const router = useRouter();
  const login = useLogin();
  const setup = useQuery(setupQuery);
  const errorText = useErrorText();
  const form = useCheckedForm(rules, { email: "", password: "" });
  const words = useFieldWords(form.formState.errors);
  const submit = form.handleSubmit(async (input) => {
    try {
      await login.mutateAsync(input);
    } catch {
      // Shown below from the mutation; the password stays for another try.
      form.setFocus("password");
      return;
    }
    await router.navigate({ href: to ?? "/app/inbox", replace: true });
  });
  return (
    <AuthFrame title={t("auth.login_title")} text={t("auth.login_text")}>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("auth.email")} error={words("email")} required>
          <Input
            type="email"
            autoComplete="username"
            inputMode="email"
            dir="ltr"
            {...form.register("email")}
          />
        </Field>
        <Field label={t("auth.password")} error={words("password")} required>
          <PasswordInput autoComplete="current-password" {...form.register("password")} />
        </Field>
        {login.error && <ErrorNote error={errorText(login.error)} />}
        <Button type="submit" variant="primary" size="lg" busy={login.isPending} className="mt-1 w-full">
          {t("auth.sign_in")}
        </Button>
        {setup.data?.needed && (
          <p className="text-ink-2">
            {t("auth.first_run")}{" "}
            <Link to="/setup" className="font-semibold text-brand underline underline-offset-3">
              {t("auth.first_run_link")}
            </Link>
          </p>
        )}
      </form>
    </AuthFrame>
  );
}
