import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { CopyField } from "@/kit/copy";
import type { Channel } from "@/shared/api/types";
import { useFormat } from "@/shared/format/use-format";
import { useFirstEvent } from "../api";
import { WEBHOOK_FIELDS } from "../model";

/** What to enter at Meta so that messages arrive here, and a light that turns on with the first one. */
export function WebhookHelp({
  channel,
  webhook,
}: {
  channel: Channel;
  webhook: NonNullable<Channel["webhook"]>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const first = useFirstEvent(channel);
  return (
    <div className="grid gap-4">
      <p className="text-ink-2">{t("channels.webhook_text")}</p>
      <div className="grid gap-4 md:grid-cols-2">
        <CopyField label={t("channels.webhook_url")} value={webhook.url} />
        <CopyField label={t("channels.verify_token")} value={webhook.verify_token} />
      </div>
      <div>
        <p className="text-compact font-semibold">{t("channels.webhook_fields")}</p>
        <ul className="mt-1 flex flex-wrap gap-1.5">
          {WEBHOOK_FIELDS.map((field) => (
            <li key={field}>
              <code className="rounded-md bg-sunken px-1.5 py-0.5 text-small" dir="ltr">
                {field}
              </code>
            </li>
          ))}
        </ul>
      </div>
      <p role="status" className="flex items-center gap-2 font-medium">
        {first ? (
          <>
            <CircleCheck className="size-4 text-ok" aria-hidden="true" />
            {t("channels.event_received", { time: format.moment(first) })}
          </>
        ) : (
          <>
            <span className="size-2.5 rounded-full border-2 border-warn" aria-hidden="true" />
            {t("channels.event_waiting")}
          </>
        )}
      </p>
    </div>
  );
}
