import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { CheckboxField } from "@/kit/checkbox";
import { CopyField } from "@/kit/copy";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { useCreateApiKey } from "../api";
import { SCOPES, scopeText } from "../model";

const FORM = "api-key";
const rules = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "validation.title_missing")),
  scopes: z.array(z.string()).check(z.minLength(1, "validation.scopes_missing")),
});

/** Makes a key, then shows its secret, once. */
export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const create = useCreateApiKey();
  const form = useCheckedForm<z.infer<typeof rules>>(rules, { name: "", scopes: [...SCOPES] });
  const words = useFieldWords(form.formState.errors);
  const scopes = form.watch("scopes");
  const submit = form.handleSubmit((input) =>
    create.mutate(input, { onError: (error) => void showDetails(form, error) }),
  );
  if (create.data) {
    const call = `curl -H "X-API-Key: ${create.data.secret}" ${window.location.origin}/api/v1/contacts`;
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={t("keys.made_title")}
        description={t("keys.made_text")}
        footer={
          <Button variant="primary" onClick={onClose}>
            {t("keys.made_done")}
          </Button>
        }
      >
        <div className="flex flex-col gap-4">
          <CopyField label={t("keys.secret")} value={create.data.secret} />
          <CopyField label={t("keys.example")} value={call} />
        </div>
      </Dialog>
    );
  }
  const toggle = (scope: string, on: boolean) =>
    form.setValue("scopes", on ? [...scopes, scope] : scopes.filter((each) => each !== scope), {
      shouldValidate: true,
    });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("keys.add")}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button type="submit" form={FORM} variant="primary" busy={create.isPending}>
            {t("keys.create")}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("keys.name")} help={t("keys.name_help")} error={words("name")} required>
          <Input autoComplete="off" dir="auto" {...form.register("name")} />
        </Field>
        <fieldset>
          <legend className="mb-2 text-compact font-semibold">{t("keys.scopes")}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {SCOPES.map((scope) => (
              <CheckboxField
                key={scope}
                label={t(scopeText(scope))}
                checked={scopes.includes(scope)}
                onCheckedChange={(value) => toggle(scope, value === true)}
              />
            ))}
          </div>
          {words("scopes") && (
            <p role="alert" className="mt-2 text-small text-bad">
              {words("scopes")}
            </p>
          )}
        </fieldset>
        {create.error && <ErrorNote error={errorText(create.error)} />}
      </form>
    </Dialog>
  );
}
