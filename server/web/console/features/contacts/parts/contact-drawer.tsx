import { MessageCircle, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/kit/avatar";
import { Button } from "@/kit/button";
import { Chip } from "@/kit/chip";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { CopyButton } from "@/kit/copy";
import { Drawer } from "@/kit/dialog";
import { ErrorNote, ErrorState } from "@/kit/error-state";
import { Menu, MenuItem, MenuLabel } from "@/kit/menu";
import { Skeleton } from "@/kit/skeleton";
import { toast } from "@/kit/toast";
import type { Contact } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useChannels, useScope } from "@/shared/channels/channels";
import { showPhone } from "@/shared/format/phone";
import { useFormat } from "@/shared/format/use-format";
import { useContact } from "@/shared/people/contact-api";
import { ContactFacts } from "@/shared/people/contact-facts";
import { contactName } from "@/shared/people/name";
import { useCan, useCanAny } from "@/shared/permissions/use-can";
import { useDeleteContacts, useOpenConversation } from "../api";

/** One person beside the table: what is known, and the way to write to them. */
export function ContactDrawer({
  id,
  onClose,
  onEdit,
}: {
  id: string;
  onClose: () => void;
  onEdit: (contact: Contact) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const query = useContact(id);
  const contact = query.data;
  return (
    <Drawer
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={contact ? <bdi>{contactName(contact, t("contacts.unnamed"))}</bdi> : t("contacts.contact")}
    >
      {contact && <Person contact={contact} onClose={onClose} onEdit={onEdit} />}
      {query.isPending && (
        <div role="status" aria-label={t("kit.loading")} className="space-y-3">
          {["w-16 h-16 rounded-full", "w-2/3 h-4", "w-1/2 h-4", "w-3/4 h-4"].map((shape) => (
            <Skeleton key={shape} className={shape} />
          ))}
        </div>
      )}
      {query.isError && (
        <ErrorState
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      )}
    </Drawer>
  );
}

function Person({
  contact,
  onClose,
  onEdit,
}: {
  contact: Contact;
  onClose: () => void;
  onEdit: (contact: Contact) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const mayEdit = useCan("contacts.edit");
  const mayDelete = useCan("contacts.delete");
  const remove = useDeleteContacts();
  const name = contactName(contact, t("contacts.unnamed"));
  return (
    <>
      <div className="mb-5 flex items-center gap-4">
        <Avatar id={contact.id} name={contact.name} size={64} />
        <div className="min-w-0">
          {contact.phone && (
            <p className="flex items-center gap-0.5">
              <bdi dir="ltr" className="tabular">
                {showPhone(contact.phone)}
              </bdi>
              <CopyButton value={contact.phone} label={t("contacts.copy_number")} />
            </p>
          )}
          {contact.bsuid && !contact.phone && (
            <p className="text-compact text-ink-3">{t("contacts.no_number")}</p>
          )}
          {contact.opted_out && <Chip tone="warn">{t("contacts.opted_out")}</Chip>}
        </div>
      </div>
      <div className="mb-6 flex flex-wrap gap-2">
        <MessageButton contact={contact} />
        <Button reason={mayEdit ? null : t("contacts.may_not_edit")} onClick={() => onEdit(contact)}>
          <Pencil className="size-4" aria-hidden="true" />
          {t("contacts.edit")}
        </Button>
        <Button
          variant="danger-quiet"
          reason={mayDelete ? null : t("contacts.may_not_delete")}
          onClick={() => setAsking(true)}
        >
          <Trash2 className="size-4" aria-hidden="true" />
          {t("contacts.delete")}
        </Button>
      </div>
      <ContactFacts contact={contact} />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("contacts.delete_title", { name })}
        description={t("contacts.delete_text")}
        action={t("contacts.delete")}
        busy={remove.isPending}
        error={remove.error && <ErrorNote error={errorText(remove.error)} />}
        onConfirm={() =>
          remove.mutate([contact.id], {
            onSuccess: () => {
              toast(t("contacts.deleted", { count: 1, n: format.number(1) }));
              onClose();
            },
          })
        }
      />
    </>
  );
}

/** Writes on the channel in view; with several channels and none in view one is chosen first. */
function MessageButton({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const open = useOpenConversation();
  const { channelId } = useScope();
  const channels = (useChannels().data ?? []).filter((channel) => channel.state === "connected");
  const mayRead = useCanAny(["inbox.view_all", "inbox.view_assigned"]);
  const only =
    channels.find(({ id }) => id === channelId) ?? (channels.length === 1 ? channels[0] : undefined);
  const reason = !mayRead
    ? t("contacts.may_not_message")
    : channels.length === 0
      ? t("contacts.no_channel")
      : null;
  const begin = (channel_id: string) => open.mutate({ contact_id: contact.id, channel_id });
  const label = (
    <>
      <MessageCircle className="size-4" aria-hidden="true" />
      {t("contacts.message")}
    </>
  );
  if (only || reason)
    return (
      <Button variant="primary" busy={open.isPending} reason={reason} onClick={() => only && begin(only.id)}>
        {label}
      </Button>
    );
  return (
    <Menu
      trigger={
        <Button variant="primary" busy={open.isPending}>
          {label}
        </Button>
      }
    >
      <MenuLabel>{t("contacts.message_from")}</MenuLabel>
      {channels.map((channel) => (
        <MenuItem
          key={channel.id}
          onSelect={() => begin(channel.id)}
          hint={<bdi dir="ltr">{showPhone(channel.phone)}</bdi>}
        >
          <bdi>{channel.name}</bdi>
        </MenuItem>
      ))}
    </Menu>
  );
}
