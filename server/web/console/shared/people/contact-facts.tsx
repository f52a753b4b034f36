import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/button";
import { Chip } from "@/kit/chip";
import { Input } from "@/kit/input";
import { Menu, MenuItem } from "@/kit/menu";
import type { Contact } from "../api/types";
import { useFormat } from "../format/use-format";
import { useCan } from "../permissions/use-can";
import { useGroups, useMembership, useSaveContact } from "./contact-api";
import { EditableText } from "./editable-text";
import { TagEditor } from "./tag-editor";

/** Tags, details and groups of a person, changed where they stand. */
export function ContactFacts({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const format = useFormat();
  const readOnly = !useCan("contacts.edit");
  const { mutate: save } = useSaveContact(contact);
  const fields = Object.entries(contact.fields);
  const setField = (name: string, value: string) => {
    const { [name]: _, ...rest } = contact.fields;
    save({ fields: value === "" ? rest : { ...contact.fields, [name]: value } });
  };
  return (
    <div className="space-y-6 text-compact">
      <Part title={t("contacts.tags")}>
        <TagEditor tags={contact.tags} readOnly={readOnly} onChange={(tags) => save({ tags })} />
      </Part>
      <Part title={t("contacts.details")}>
        <dl className="grid grid-cols-[92px_minmax(0,1fr)] items-center gap-y-1.5">
          <dt className="truncate text-ink-3">{t("contacts.email")}</dt>
          <dd className="min-w-0">
            <EditableText
              value={contact.email ?? ""}
              label={t("contacts.email")}
              empty={t("contacts.add_value")}
              type="email"
              dir="ltr"
              readOnly={readOnly}
              onSave={(email) => save({ email: email === "" ? null : email })}
            />
          </dd>
          {fields.map(([name, value]) => (
            <FieldRow key={name} name={name} value={value} readOnly={readOnly} onSave={setField} />
          ))}
          <dt className="truncate text-ink-3">{t("contacts.source")}</dt>
          <dd>{t(`contacts.source_${contact.source}`)}</dd>
          <dt className="truncate text-ink-3">{t("contacts.since")}</dt>
          <dd title={format.exact(contact.created_at)}>{format.date(contact.created_at)}</dd>
        </dl>
        {!readOnly && <NewField taken={contact.fields} onAdd={setField} />}
      </Part>
      <Groups contact={contact} />
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 text-small font-bold text-ink-2">{title}</h3>
      {children}
    </section>
  );
}

function FieldRow({
  name,
  value,
  readOnly,
  onSave,
}: {
  name: string;
  value: string;
  readOnly: boolean;
  onSave: (name: string, value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <dt className="truncate text-ink-3" title={name}>
        <bdi>{name}</bdi>
      </dt>
      <dd className="min-w-0">
        <EditableText
          value={value}
          label={name}
          empty={t("contacts.add_value")}
          readOnly={readOnly}
          onSave={(text) => onSave(name, text)}
        />
      </dd>
    </>
  );
}

function NewField({
  taken,
  onAdd,
}: {
  taken: Record<string, string>;
  onAdd: (name: string, value: string) => void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const good = /^[A-Za-z0-9_]{1,40}$/.test(name) && !(name in taken) && value.trim() !== "";
  if (!open)
    return (
      <Button variant="link" className="mt-2" onClick={() => setOpen(true)}>
        <Plus className="size-3.5" aria-hidden="true" />
        {t("contacts.add_field")}
      </Button>
    );
  return (
    <form
      className="mt-2 space-y-2 rounded-lg bg-sunken p-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!good) return;
        onAdd(name, value.trim());
        setName("");
        setValue("");
        setOpen(false);
      }}
    >
      <Input
        size="sm"
        dir="ltr"
        value={name}
        aria-label={t("contacts.field_name")}
        placeholder={t("contacts.field_name")}
        onChange={(event) => setName(event.target.value.trim().replace(/[^A-Za-z0-9]+/g, "_"))}
      />
      <Input
        size="sm"
        dir="auto"
        value={value}
        aria-label={t("contacts.field_value")}
        placeholder={t("contacts.field_value")}
        onChange={(event) => setValue(event.target.value)}
      />
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="ghost" onClick={() => setOpen(false)}>
          {t("kit.cancel")}
        </Button>
        <Button size="sm" type="submit" variant="primary" reason={good ? null : t("contacts.field_help")}>
          {t("contacts.add")}
        </Button>
      </div>
    </form>
  );
}

function Groups({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const may = useCan("groups.manage");
  const groups = useGroups().data ?? [];
  const membership = useMembership();
  const others = groups.filter((group) => !contact.groups.some(({ id }) => id === group.id));
  return (
    <Part title={t("contacts.groups")}>
      <ul className="space-y-1">
        {contact.groups.map((group) => (
          <li key={group.id} className="flex items-center gap-2">
            <Chip className="min-w-0">
              <bdi>{group.name}</bdi>
            </Chip>
            {may && (
              <IconButton
                label={t("contacts.leave_group", { group: group.name })}
                size="icon-sm"
                className="size-6"
                onClick={() => membership.mutate({ group: group.id, ids: [contact.id], join: false })}
              >
                <X className="size-3.5" aria-hidden="true" />
              </IconButton>
            )}
          </li>
        ))}
        {contact.groups.length === 0 && <li className="text-ink-3">{t("contacts.no_groups")}</li>}
      </ul>
      {may && others.length > 0 && (
        <Menu
          trigger={
            <Button className="mt-3 w-full">
              <Plus className="size-4" aria-hidden="true" />
              {t("contacts.add_to_group")}
            </Button>
          }
        >
          {others.map((group) => (
            <MenuItem
              key={group.id}
              onSelect={() => membership.mutate({ group: group.id, ids: [contact.id], join: true })}
            >
              <bdi>{group.name}</bdi>
            </MenuItem>
          ))}
        </Menu>
      )}
    </Part>
  );
}
