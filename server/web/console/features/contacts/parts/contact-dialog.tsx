import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { newKey } from "@/shared/api/client";
import type { Contact } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showPhone } from "@/shared/format/phone";
import { useSaveContact } from "@/shared/people/contact-api";
import { contactName } from "@/shared/people/name";
import { checkPhone } from "@/shared/people/phone-number";
import { TagEditor } from "@/shared/people/tag-editor";
import { useAddContact, useSameNumber } from "../api";
import { looksLikeEmail, remarkOn } from "../details";

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
  const [name, setName] = useState(contact?.name ?? "");
  const [number, setNumber] = useState(showPhone(contact?.phone));
  const [email, setEmail] = useState(contact?.email ?? "");
  // Fields are judged after they were left or the form was sent, never while one types for the first time.
  const [left, setLeft] = useState({ phone: false, email: false });
  const [tags, setTags] = useState(contact?.tags ?? []);
  const [key] = useState(newKey);
  const phoneBox = useRef<HTMLInputElement>(null);
  const emailBox = useRef<HTMLInputElement>(null);
  const add = useAddContact();
  const save = useSaveContact(contact ?? NOBODY);
  const error = add.error ?? save.error;

  const check = checkPhone(number);
  const phone = check.ok ? check.phone : null;
  const double = useSameNumber(phone, contact?.id ?? null);
  // A person known only by the messenger's own id may stay without a number.
  const mayLack = contact !== null && contact.phone === null && number.trim() === "";
  const phoneWrong = !check.ok && !mayLack ? t(`contacts.phone_${check.problem}`) : undefined;
  const emailWrong = looksLikeEmail(email) ? undefined : t("contacts.email_wrong");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLeft({ phone: true, email: true });
    if (phoneWrong || double) return phoneBox.current?.focus();
    if (emailWrong) return emailBox.current?.focus();
    const change = { name: orNull(name), phone, email: orNull(email), tags };
    if (contact) save.mutate(change, { onSuccess: onClose });
    else add.mutate({ key, contact: { ...change, fields: {} } }, { onSuccess: ({ id }) => onOpen(id) });
  };
  const busy = add.isPending || save.isPending;
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
      <form id="contact-form" noValidate onSubmit={submit} className="space-y-4">
        <Field label={t("contacts.name")}>
          <Input
            dir="auto"
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label={t("contacts.phone")}
          help={
            phone && !double
              ? t("contacts.phone_understood", { phone: `\u2066${showPhone(phone)}\u2069` })
              : t("contacts.phone_help")
          }
          error={(left.phone ? phoneWrong : undefined) ?? remarkOn("phone", error)}
          required
        >
          <Input
            ref={phoneBox}
            dir="ltr"
            type="tel"
            inputMode="tel"
            autoComplete="off"
            className="text-start"
            value={number}
            onChange={(event) => setNumber(event.target.value)}
            onBlur={() => setLeft((old) => ({ ...old, phone: true }))}
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
        <Field
          label={t("contacts.email")}
          error={(left.email ? emailWrong : undefined) ?? remarkOn("email", error)}
        >
          <Input
            ref={emailBox}
            dir="ltr"
            type="email"
            autoComplete="off"
            className="text-start"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            onBlur={() => setLeft((old) => ({ ...old, email: true }))}
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
