import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input, Textarea } from "@/kit/input";
import { newKey } from "@/shared/api/client";
import type { Group } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useSaveGroup } from "../api";
import { remarkOn } from "../details";

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
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const [left, setLeft] = useState(false);
  const nameBox = useRef<HTMLInputElement>(null);
  const missing = name.trim() === "" ? t("contacts.group_name_missing") : undefined;
  const remark = remarkOn("name", save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLeft(true);
    if (missing) return nameBox.current?.focus();
    save.mutate(
      { id: group?.id ?? null, key, group: { name: name.trim(), description: description.trim() } },
      {
        onSuccess: (saved) => {
          if (!group) onMade?.(saved);
          onClose();
        },
      },
    );
  };
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
      <form id="group-form" noValidate onSubmit={submit} className="space-y-4">
        <Field label={t("contacts.name")} required error={(left ? missing : undefined) ?? remark}>
          <Input
            ref={nameBox}
            dir="auto"
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            onBlur={() => setLeft(true)}
          />
        </Field>
        <Field label={t("contacts.description")}>
          <Textarea dir="auto" value={description} onChange={(event) => setDescription(event.target.value)} />
        </Field>
        {save.error && !remark && <ErrorNote error={errorText(save.error)} />}
      </form>
    </Dialog>
  );
}
