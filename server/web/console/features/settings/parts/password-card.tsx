import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { PasswordInput } from "@/kit/input";
import { Card } from "@/kit/page-header";
import { toast } from "@/kit/toast";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { useChangePassword } from "../api";

const rules = z.object({
  current: z.string().check(z.minLength(1, "validation.password_missing")),
  new: z.string().check(z.minLength(15, "validation.password_short")),
});

/** The present password is asked again, so that an unlocked screen is not enough. */
export function PasswordCard() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const change = useChangePassword();
  const form = useCheckedForm(rules, { current: "", new: "" });
  const words = useFieldWords(form.formState.errors);
  const submit = form.handleSubmit((input) =>
    change.mutate(input, {
      onSuccess: () => {
        form.reset();
        toast(t("settings.password_changed"), { tone: "ok" });
      },
      onError: (error) => void showDetails(form, error),
    }),
  );
  return (
    <Card title={t("settings.password")} text={t("settings.password_text")}>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("settings.password_current")} error={words("current")} required>
          <PasswordInput autoComplete="current-password" {...form.register("current")} />
        </Field>
        <Field
          label={t("settings.password_new")}
          help={t("auth.password_help")}
          error={words("new")}
          required
        >
          <PasswordInput autoComplete="new-password" {...form.register("new")} />
        </Field>
        {change.error && <ErrorNote error={errorText(change.error)} />}
        <div>
          <Button type="submit" busy={change.isPending}>
            {t("settings.password_change")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
