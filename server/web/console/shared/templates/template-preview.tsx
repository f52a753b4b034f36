import { FileText, Image, MapPin, Video } from "lucide-react";
import { useTranslation } from "react-i18next";
import { PhoneBubble, PhoneFrame } from "@/kit/phone-frame";
import type { Template } from "../api/types-outreach";
import { MessageText } from "../messages/message-text";
import { partsOf, type Values } from "./template";

const HEADER = { image: Image, video: Video, document: FileText, location: MapPin };

/** The template on the customer's phone, with the given values. */
export function TemplatePreview({
  template,
  values,
  business,
}: {
  template: Template;
  values: Values;
  business: string;
}) {
  const { t } = useTranslation();
  const parts = partsOf(template, values);
  const Icon = HEADER[parts.headerKind as keyof typeof HEADER];
  return (
    <PhoneFrame name={business} label={t("inbox.template_preview", { name: template.name })}>
      <PhoneBubble
        header={
          Icon ? (
            <span className="grid h-28 place-items-center rounded-md bg-phone-line text-phone-ink-2">
              <Icon className="size-7" aria-hidden="true" />
            </span>
          ) : (
            parts.header
          )
        }
        footer={parts.footer}
        buttons={parts.buttons}
      >
        <MessageText text={parts.body} />
      </PhoneBubble>
    </PhoneFrame>
  );
}
