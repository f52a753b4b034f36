import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { ErrorNote, ErrorState } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input, PasswordInput } from "@/kit/input";
import { Skeleton } from "@/kit/skeleton";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { type SetupInput, setupQuery, useSetup } from "../api";
import { AuthFrame } from "../parts/auth-frame";

const rules = z.object({
  token: z.string().check(z.trim(), z.minLength(1, "validation.token_missing")),
  business_name: z.string().check(z.trim(), z.minLength(1, "validation.business_missing")),
  name: z.string().check(z.trim(), z.minLength(1, "validation.name_missing")),
  email: z.email("validation.email_wrong"),
  password: z.string().check(z.minLength(15, "validation.password_short")),
});

/** The first run: the one-time token of the server's log makes the first account. */
export function SetupPage() {
  const { t } = useTranslation();
  const setup = useQuery(setupQuery);
  const errorText = useErrorText();
  if (setup.isPending) {
    return (
      <AuthFrame title={t("auth.setup_title")}>
        <div role="status" aria-label={t("kit.loading")} className="space-y-4">
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
        </div>
      </AuthFrame>
    );
  }
  if (setup.error) {
    return (
      <AuthFrame title={t("auth.setup_title")}>
        <ErrorState
          error={errorText(setup.error)}
          onRetry={() => void setup.refetch()}
          busy={setup.isFetching}
        />
      </AuthFrame>
    );
  }
  if (!setup.data.needed) {
    return (
      <AuthFrame title={t("auth.setup_done_title")} text={t("auth.setup_done_text")}>
        <Button asChild variant="primary" size="lg">
          <Link to="/login">{t("auth.sign_in")}</Link>
        </Button>
      </AuthFrame>
    );
  }
  return <SetupForm />;
}

function SetupForm() {
  const { t } = useTranslation();
  const { token } = useSearch({ from: "/setup" });
  const router = useRouter();
  const errorText = useErrorText();
  const create = useSetup();
  const form = useCheckedForm<SetupInput>(rules, {
    token: token ?? "",
    business_name: "",
    name: "",
    email: "",
    password: "",
  });
  const words = useFieldWords(form.formState.errors);
  const submit = form.handleSubmit(async (input) => {
    try {
      await create.mutateAsync(input);
    } catch (error) {
      showDetails(form, error);
      return;
    }
    await router.navigate({ to: "/app/channels/connect", replace: true });
  });
  return (
    <AuthFrame title={t("auth.setup_title")} text={t("auth.setup_text")}>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("auth.token")} help={t("auth.token_help")} error={words("token")} required>
          <Input autoComplete="off" spellCheck={false} dir="ltr" {...form.register("token")} />
        </Field>
        <Field label={t("auth.business")} error={words("business_name")} required>
          <Input autoComplete="organization" dir="auto" {...form.register("business_name")} />
        </Field>
        <Field label={t("auth.your_name")} error={words("name")} required>
          <Input autoComplete="name" dir="auto" {...form.register("name")} />
        </Field>
        <Field label={t("auth.email")} error={words("email")} required>
          <Input
            type="email"
            autoComplete="username"
            inputMode="email"
            dir="ltr"
            {...form.register("email")}
          />
        </Field>
        <Field label={t("auth.password")} help={t("auth.password_help")} error={words("password")} required>
          <PasswordInput autoComplete="new-password" {...form.register("password")} />
        </Field>
        {create.error && <ErrorNote error={errorText(create.error)} />}
        <Button type="submit" variant="primary" size="lg" busy={create.isPending} className="mt-1 w-full">
          {t("auth.create")}
        </Button>
      </form>
    </AuthFrame>
  );
}
