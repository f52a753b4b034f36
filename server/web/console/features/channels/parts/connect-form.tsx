import { useSearch } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input, PasswordInput } from "@/kit/input";
import type { Channel, ChannelCheck, ChannelCheckRequest } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { showPhone } from "@/shared/format/phone";
import { useFormat } from "@/shared/format/use-format";
import { useCheckChannel, useConnectChannel } from "../api";
import { sameCredentials } from "../model";

const digits = (message: string) => z.string().check(z.trim(), z.regex(/^\d{5,}$/, message));
const rules = z.object({
  waba_id: digits("validation.waba_wrong"),
  phone_number_id: digits("validation.number_id_wrong"),
  access_token: z.string().check(z.trim(), z.minLength(1, "validation.access_token_missing")),
  app_secret: z.string().check(z.trim()),
  name: z.string().check(z.trim()),
});
type Values = z.infer<typeof rules>;

const credentials = ({
  waba_id,
  phone_number_id,
  access_token,
  app_secret,
}: Values): ChannelCheckRequest => ({
  waba_id: waba_id.trim(),
  phone_number_id: phone_number_id.trim(),
  access_token: access_token.trim(),
  ...(app_secret.trim() === "" ? {} : { app_secret: app_secret.trim() }),
});

/** Nothing can be saved before Meta has confirmed exactly these credentials. */
export function ConnectForm({ onConnected }: { onConnected: (channel: Channel) => void }) {
  const { t } = useTranslation();
  const known: { waba?: string; number?: string; name?: string } = useSearch({ strict: false });
  const errorText = useErrorText();
  const check = useCheckChannel();
  const connect = useConnectChannel();
  const form = useCheckedForm<Values>(rules, {
    waba_id: known.waba ?? "",
    phone_number_id: known.number ?? "",
    access_token: "",
    app_secret: "",
    name: known.name ?? "",
  });
  const words = useFieldWords(form.formState.errors);
  const confirmed =
    check.data && sameCredentials(check.variables, credentials(form.watch())) ? check.data : null;
  const failed = connect.error ?? check.error;
  const submit = form.handleSubmit((input) => {
    connect.reset();
    const onError = (error: unknown) => void showDetails(form, error);
    if (!confirmed) return check.mutate(credentials(input), { onError });
    const name = input.name.trim();
    connect.mutate(
      { ...credentials(input), ...(name === "" ? {} : { name }) },
      { onSuccess: onConnected, onError },
    );
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label={t("channels.waba_id")} help={t("channels.waba_help")} error={words("waba_id")} required>
        <Input inputMode="numeric" autoComplete="off" dir="ltr" {...form.register("waba_id")} />
      </Field>
      <Field
        label={t("channels.number_id")}
        help={t("channels.number_help")}
        error={words("phone_number_id")}
        required
      >
        <Input inputMode="numeric" autoComplete="off" dir="ltr" {...form.register("phone_number_id")} />
      </Field>
      <Field
        label={t("channels.access_token")}
        help={t("channels.token_help")}
        error={words("access_token")}
        required
      >
        <PasswordInput autoComplete="off" spellCheck={false} {...form.register("access_token")} />
      </Field>
      <Field
        label={t("channels.app_secret")}
        optional={t("kit.optional")}
        help={t("channels.secret_help")}
        error={words("app_secret")}
      >
        <PasswordInput autoComplete="off" spellCheck={false} {...form.register("app_secret")} />
      </Field>
      <Field
        label={t("channels.name")}
        optional={t("kit.optional")}
        help={t("channels.name_help")}
        error={words("name")}
      >
        <Input autoComplete="off" dir="auto" {...form.register("name")} />
      </Field>
      {failed && <ErrorNote error={errorText(failed)} />}
      {confirmed && <Confirmed result={confirmed} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={check.isPending || connect.isPending}>
          {confirmed ? t("channels.connect_now") : t("channels.check")}
        </Button>
      </div>
      {!confirmed && <p className="text-small text-ink-3">{t("channels.check_help")}</p>}
    </form>
  );
}

function Confirmed({ result }: { result: ChannelCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="status" className="flex items-start gap-2.5 rounded-lg bg-ok-tint px-3 py-2.5">
      <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" aria-hidden="true" />
      <div>
        <p className="font-semibold text-ok">{t("channels.check_ok")}</p>
        <p className="text-ink">
          {result.verified_name} · <bdi dir="ltr">{showPhone(result.phone)}</bdi>
        </p>
        <p className="text-ink-2">
          {t(`channels.quality_${result.quality}`)} ·{" "}
          {t("channels.per_second", { rate: format.number(result.throughput) })}
        </p>
      </div>
    </div>
  );
}
