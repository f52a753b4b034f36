import { useTranslation } from "react-i18next";
import { Chip } from "@/kit/chip";
import { CopyButton } from "@/kit/copy";
import { ErrorState } from "@/kit/error-state";
import { Skeleton } from "@/kit/skeleton";
import type { Contact, Conversation } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showPhone } from "@/shared/format/phone";
import { useContact, useSaveContact } from "@/shared/people/contact-api";
import { ContactAvatar } from "@/shared/people/contact-avatar";
import { ContactFacts } from "@/shared/people/contact-facts";
import { EditableText } from "@/shared/people/editable-text";
import { contactName } from "@/shared/people/name";
import { useCan } from "@/shared/permissions/use-can";

/** Who one is talking to: picture, number, tags, details and groups. */
export function ContactPanel({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const may = useCan("contacts.view");
  const query = useContact(conversation.contact.id);
  const contact = query.data;
  const known = contact ?? conversation.contact;
  return (
    <div>
      <div className="mb-6 flex flex-col items-center text-center">
        <ContactAvatar contact={known} window={conversation.window} size={72} />
        <div className="mt-3 flex w-full min-w-0 justify-center text-title font-bold">
          {contact ? <Name contact={contact} /> : <bdi>{contactName(known, t("inbox.unknown_person"))}</bdi>}
        </div>
        {known.phone && (
          <div className="flex items-center gap-0.5 ps-8 text-compact text-ink-2">
            <bdi dir="ltr" className="tabular">
              {showPhone(known.phone)}
            </bdi>
            <CopyButton value={known.phone} label={t("inbox.copy_number")} />
          </div>
        )}
        {known.opted_out && <Chip tone="warn">{t("inbox.opted_out_long")}</Chip>}
      </div>
      {contact && <ContactFacts contact={contact} />}
      {may && query.isPending && (
        <div role="status" aria-label={t("kit.loading")} className="space-y-3">
          {["w-1/3", "w-2/3", "w-1/2", "w-3/5"].map((width) => (
            <Skeleton key={width} className={`h-4 ${width}`} />
          ))}
        </div>
      )}
      {query.isError && !contact && (
        <ErrorState
          className="px-0 py-4"
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      )}
    </div>
  );
}

function Name({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const { mutate: save } = useSaveContact(contact);
  return (
    <EditableText
      value={contact.name ?? ""}
      label={t("contacts.name")}
      empty={t("inbox.add_name")}
      readOnly={!useCan("contacts.edit")}
      onSave={(name) => save({ name: name === "" ? null : name })}
    />
  );
}
