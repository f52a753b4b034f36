import { Link } from "@tanstack/react-router";
import { LayoutTemplate, Lock, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { useCan } from "@/shared/permissions/use-can";

function Card({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex items-center gap-3 px-3.5 pt-2 pb-3.5 max-sm:flex-col max-sm:items-stretch">
      <span className="grid size-9 shrink-0 place-items-center rounded-full bg-sunken text-ink-2 max-sm:hidden">
        {icon}
      </span>
      <div role="status" className="min-w-0 flex-1">
        <p className="font-bold">{title}</p>
        <p className="text-pretty text-compact text-ink-2">{children}</p>
      </div>
      {action}
    </div>
  );
}

/** Free words are not allowed any more: a template is; what was written stays. */
export function ClosedCard({ draft, onTemplate }: { draft: boolean; onTemplate: () => void }) {
  const { t } = useTranslation();
  return (
    <Card
      icon={<Lock className="size-4.5" aria-hidden="true" />}
      title={t("window.closed")}
      action={
        <Button variant="primary" onClick={onTemplate}>
          <LayoutTemplate className="size-4" aria-hidden="true" />
          {t("inbox.choose_template")}
        </Button>
      }
    >
      {t("inbox.closed_text")}
      {draft && <span className="block font-medium text-ink">{t("inbox.closed_draft")}</span>}
    </Card>
  );
}

/** The number is not connected: reading works, writing waits. */
export function ChannelCard({ draft }: { draft: boolean }) {
  const { t } = useTranslation();
  const may = useCan("channels.view");
  return (
    <Card
      icon={<Unplug className="size-4.5" aria-hidden="true" />}
      title={t("inbox.channel_off")}
      action={
        may && (
          <Button asChild>
            <Link to="/app/channels">{t("channels.open")}</Link>
          </Button>
        )
      }
    >
      {t("inbox.channel_off_text")}
      {draft && <span className="block font-medium text-ink">{t("inbox.draft_kept")}</span>}
    </Card>
  );
}
