import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { newKey } from "@/shared/api/client";
import type { Contact } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { showPhone } from "@/shared/format/phone";
import { useSaveContact } from "@/shared/people/contact-api";
import { contactName } from "@/shared/people/name";
import { checkPhone } from "@/shared/people/phone-number";
import { TagEditor } from "@/shared/people/tag-editor";
import { useAddContact, useSameNumber } from "../api";

const schema = z.object({
  name: z.string(),
  phone: z.string(),
  email: z
    .string()
    .check(
      z.refine((text) => text.trim() === "" || /^\S+@\S+\.\S+$/.test(text.trim()), "contacts.email_wrong"),
    ),
});
const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** Adds a person, or changes one. The number is understood while it is typed, and who has it already is named. */
export function ContactDialog({
  contact,
  onClose,
  onOpen,
}: {
  contact: Contact | null;
  onClose: () => void;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const form = useCheckedForm(schema, {
    name: contact?.name ?? "",
    phone: showPhone(contact?.phone),
    email: contact?.email ?? "",
  });
  const [tags, setTags] = useState(contact?.tags ?? []);
  const [key] = useState(newKey);
  const add = useAddContact();
  const save = useSaveContact(contact ?? NOBODY);
  const { errors, isSubmitted } = form.formState;
  const words = (message: string | undefined) => (message?.startsWith("contacts.") ? t(message) : message);

  const typed = form.watch("phone");
  const check = checkPhone(typed);
  const phone = check.ok ? check.phone : null;
  const double = useSameNumber(phone, contact?.id ?? null);
  const touched = form.formState.touchedFields.phone || isSubmitted;
  // A person known only by the messenger's own id may stay without a number.
  const mayLack = contact !== null && contact.phone === null && typed.trim() === "";
  const problem =
    !check.ok && !mayLack && touched ? t(`contacts.phone_${check.problem}`) : words(errors.phone?.message);

  const submit = form.handleSubmit((values) => {
    if ((!check.ok && !mayLack) || double) return form.setFocus("phone");
    const change = { name: orNull(values.name), phone, email: orNull(values.email), tags };
    const onError = (error: unknown) => void showDetails(form, error);
    if (contact) save.mutate(change, { onSuccess: onClose, onError });
    else
      add.mutate({ key, contact: { ...change, fields: {} } }, { onSuccess: ({ id }) => onOpen(id), onError });
  });
  const busy = add.isPending || save.isPending;
  const error = add.error ?? save.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={contact ? t("contacts.edit_title") : t("contacts.add_title")}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button variant="primary" type="submit" form="contact-form" busy={busy}>
            {contact ? t("contacts.save") : t("contacts.add_contact")}
          </Button>
        </>
      }
    >
      <form id="contact-form" noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
        <Field label={t("contacts.name")}>
          <Input dir="auto" autoComplete="off" {...form.register("name")} />
        </Field>
        <Field
          label={t("contacts.phone")}
          help={
            phone && !double
              ? t("contacts.phone_understood", { phone: `\u2066${showPhone(phone)}\u2069` })
              : t("contacts.phone_help")
          }
          error={problem}
          required
        >
          <Input
            dir="ltr"
            type="tel"
            inputMode="tel"
            autoComplete="off"
            className="text-start"
            {...form.register("phone")}
          />
        </Field>
        {double && (
          <p
            role="alert"
            className="flex flex-wrap items-center gap-x-2 rounded-lg bg-warn-tint px-3 py-2 text-warn"
          >
            {t("contacts.already_here", { name: contactName(double, showPhone(double.phone)) })}
            <Button variant="link" onClick={() => onOpen(double.id)}>
              {t("contacts.open")}
            </Button>
          </p>
        )}
        <Field label={t("contacts.email")} error={words(errors.email?.message)}>
          <Input
            dir="ltr"
            type="email"
            autoComplete="off"
            className="text-start"
            {...form.register("email")}
          />
        </Field>
        <div className="space-y-1.5">
          <p className="text-compact font-semibold">{t("contacts.tags")}</p>
          <TagEditor tags={tags} onChange={setTags} />
        </div>
        {error && <ErrorNote error={errorText(error)} />}
      </form>
    </Dialog>
  );
}

// Stands for "no contact yet"; its save is never called.
const NOBODY: Contact = {
  id: "",
  name: null,
  phone: null,
  bsuid: null,
  email: null,
  tags: [],
  fields: {},
  opted_out: false,
  source: "manual",
  groups: [],
  created_at: "",
  updated_at: "",
};
