import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input, Textarea } from "@/kit/input";
import { newKey } from "@/shared/api/client";
import type { Group } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useSaveGroup } from "../api";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "contacts.group_name_missing")),
  description: z.string(),
});

/** Makes a group or renames one. */
export function GroupDialog({
  group,
  onClose,
  onMade,
}: {
  group: Group | null;
  onClose: () => void;
  onMade?: (group: Group) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [key] = useState(newKey);
  const save = useSaveGroup();
  const form = useCheckedForm(schema, { name: group?.name ?? "", description: group?.description ?? "" });
  const message = form.formState.errors.name?.message;
  const submit = form.handleSubmit((values) =>
    save.mutate(
      { id: group?.id ?? null, key, group: values },
      {
        onSuccess: (saved) => {
          if (!group) onMade?.(saved);
          onClose();
        },
        onError: (error) => void showDetails(form, error),
      },
    ),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={group ? t("contacts.edit_group") : t("contacts.new_group")}
      description={group ? undefined : t("contacts.new_group_text")}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button variant="primary" type="submit" form="group-form" busy={save.isPending}>
            {t("contacts.save")}
          </Button>
        </>
      }
    >
      <form id="group-form" noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
        <Field
          label={t("contacts.name")}
          required
          error={message?.startsWith("contacts.") ? t(message) : message}
        >
          <Input dir="auto" autoComplete="off" {...form.register("name")} />
        </Field>
        <Field label={t("contacts.description")}>
          <Textarea dir="auto" {...form.register("description")} />
        </Field>
        {save.error && !message && <ErrorNote error={errorText(save.error)} />}
      </form>
    </Dialog>
  );
}
