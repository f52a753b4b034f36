import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { Switch } from "@/kit/checkbox";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { Card } from "@/kit/page-header";
import { Segmented } from "@/kit/segmented";
import { Select } from "@/kit/select";
import { toast } from "@/kit/toast";
import type { ThemeChoice } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { setLanguage } from "@/shared/i18n/i18n";
import { LANGUAGES } from "@/shared/i18n/languages";
import { useSession } from "@/shared/session/session";
import { setLetters, useShortcuts } from "@/shared/shortcuts/shortcuts";
import { setTheme, useTheme } from "@/shared/theme/theme";
import { useSaveMe } from "../api";
import { PasswordCard } from "./password-card";

const THEMES: ThemeChoice[] = ["system", "light", "dark"];

export function ProfileSection() {
  return (
    <>
      <NameCard />
      <LookCard />
      <PasswordCard />
    </>
  );
}

const rules = z.object({ name: z.string().check(z.trim(), z.minLength(1, "validation.name_missing")) });

function NameCard() {
  const { t } = useTranslation();
  const { user } = useSession();
  const save = useSaveMe();
  const errorText = useErrorText();
  const form = useCheckedForm(rules, { name: user.name });
  const words = useFieldWords(form.formState.errors);
  const submit = form.handleSubmit((input) =>
    save.mutate(input, {
      onSuccess: (session) => {
        form.reset({ name: session.user.name });
        toast(t("settings.saved"), { tone: "ok" });
      },
      onError: (error) => void showDetails(form, error),
    }),
  );
  return (
    <Card title={t("settings.you")}>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("settings.name")} help={t("settings.name_help")} error={words("name")} required>
          <Input autoComplete="name" dir="auto" {...form.register("name")} />
        </Field>
        <Field label={t("auth.email")} help={t("settings.email_help")}>
          <Input value={user.email} readOnly dir="ltr" />
        </Field>
        {save.error && <ErrorNote error={errorText(save.error)} />}
        {form.formState.isDirty && (
          <div className="flex gap-2">
            <Button type="submit" variant="primary" busy={save.isPending}>
              {t("kit.save")}
            </Button>
            <Button onClick={() => form.reset()}>{t("kit.discard")}</Button>
          </div>
        )}
      </form>
    </Card>
  );
}

function LookCard() {
  const { t, i18n } = useTranslation();
  const { choice } = useTheme();
  const lettersOn = useShortcuts((state) => state.lettersOn);
  const save = useSaveMe();
  const errorText = useErrorText();
  return (
    <Card title={t("settings.look")} text={t("settings.look_text")}>
      <div className="flex flex-col gap-4">
        <Field label={t("me.language")}>
          <Select
            value={i18n.language}
            onValueChange={(value) => {
              const language = LANGUAGES.find(({ code }) => code === value);
              if (!language) return;
              void setLanguage(language.code);
              save.mutate({ locale: language.code });
            }}
            options={LANGUAGES.map(({ code, name }) => ({
              value: code,
              label: <span lang={code}>{name}</span>,
            }))}
          />
        </Field>
        <div>
          <p className="mb-1.5 text-compact font-semibold">{t("me.theme")}</p>
          <Segmented
            label={t("me.theme")}
            value={choice}
            onValueChange={(theme) => {
              setTheme(theme);
              save.mutate({ theme });
            }}
            options={THEMES.map((theme) => ({ value: theme, label: t(`me.theme_${theme}`) }))}
          />
        </div>
        <div className="flex items-start gap-3">
          <Switch
            id="letters"
            checked={lettersOn}
            onCheckedChange={setLetters}
            aria-describedby="letters-help"
          />
          <div>
            <label htmlFor="letters" className="font-semibold">
              {t("settings.letters")}
            </label>
            <p id="letters-help" className="text-small text-ink-3">
              {t("settings.letters_help")}
            </p>
          </div>
        </div>
        {save.error && <ErrorNote error={errorText(save.error)} />}
      </div>
    </Card>
  );
}
