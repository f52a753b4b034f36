import { useQueryClient } from "@tanstack/react-query";
import { SendHorizontal } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { newKey } from "@/shared/api/client";
import type { Conversation } from "@/shared/api/types";
import type { Template } from "@/shared/api/types-outreach";
import { useChannels } from "@/shared/channels/channels";
import { contactName } from "@/shared/people/name";
import { useSession } from "@/shared/session/session";
import { fillPerson } from "@/shared/templates/placeholders";
import { isNameVariable, missingOf, partsOf, type Values } from "@/shared/templates/template";
import { TemplateList } from "@/shared/templates/template-list";
import { TemplatePreview } from "@/shared/templates/template-preview";
import { post } from "../outbox";

/** Approved templates on the left, the chosen one on the customer's phone on the right, its values between. */
export function TemplateDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { tenant } = useSession();
  const channel = useChannels().data?.find(({ id }) => id === conversation.channel_id);
  const [template, setTemplate] = useState<Template | null>(null);
  const [values, setValues] = useState<Values>({});
  const person = { ...conversation.contact, email: null, fields: {} };

  const choose = (chosen: Template) => {
    setTemplate(chosen);
    const named = chosen.variables.find((variable) => isNameVariable(chosen, variable));
    setValues(named ? { [named.key]: fillPerson("{{name}}", person).text } : {});
  };
  const missing = template ? missingOf(template, values) : [];
  const reason = !template
    ? t("inbox.template_choose")
    : missing.length > 0
      ? t("inbox.template_missing", { count: missing.length })
      : null;
  const send = () => {
    if (!template) return;
    const parts = partsOf(template, values);
    post(client, {
      kind: "template",
      key: newKey(),
      conversationId: conversation.id,
      after: null,
      templateId: template.id,
      variables: values,
      content: {
        template_id: template.id,
        name: template.name,
        language: template.language,
        header: parts.header,
        body: parts.body,
        footer: parts.footer,
        buttons: parts.buttons.map((text) => ({ type: "QUICK_REPLY", text })),
      },
    });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("inbox.template_title")}
      description={t("inbox.template_text", {
        name: contactName(conversation.contact, t("inbox.unknown_person")),
      })}
      className="md:h-[min(680px,92dvh)] md:max-w-4xl"
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button variant="primary" reason={reason} onClick={send}>
            {t("inbox.send")}
            <SendHorizontal className="flip-rtl size-4" aria-hidden="true" />
          </Button>
        </>
      }
    >
      <div className="grid gap-5 md:h-full md:grid-cols-[1fr_300px]">
        <TemplateList
          channelId={conversation.channel_id}
          chosen={template?.id ?? null}
          onChoose={choose}
          className="max-md:max-h-72 md:min-h-0"
        />
        <div className="scroll-thin space-y-4 md:overflow-y-auto">
          {template ? (
            <>
              <TemplatePreview
                template={template}
                values={values}
                business={channel?.verified_name ?? tenant?.name ?? ""}
              />
              {template.variables.map((variable) => (
                <Field
                  key={variable.key}
                  label={t(`inbox.variable_${variable.component}`, { name: variable.name })}
                  required
                >
                  <Input
                    dir="auto"
                    value={values[variable.key] ?? ""}
                    placeholder={variable.sample ?? undefined}
                    onChange={(event) => setValues({ ...values, [variable.key]: event.target.value })}
                  />
                </Field>
              ))}
            </>
          ) : (
            <p className="grid h-full place-content-center px-6 text-center text-ink-3 max-md:hidden">
              {t("inbox.template_pick_first")}
            </p>
          )}
        </div>
      </div>
    </Dialog>
  );
}
