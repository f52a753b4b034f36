import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { ForbiddenState } from "@/kit/forbidden-state";
import { Card } from "@/kit/page-header";
import type { Channel } from "@/shared/api/types";
import { Page } from "@/shared/page/page";
import { useCan } from "@/shared/permissions/use-can";
import { ConnectForm } from "../parts/connect-form";
import { WebhookHelp } from "../parts/webhook-help";

/** Connects a number by hand: credentials, a check with Meta, then the webhook. */
export function ConnectPage() {
  const { t } = useTranslation();
  const may = useCan("channels.manage");
  const [made, setMade] = useState<Channel | null>(null);
  if (!may) return <ForbiddenState area={t("nav.channels")} />;
  const back = (
    <Button asChild variant="ghost" size="icon">
      <Link to="/app/channels" aria-label={t("channels.back")}>
        <ArrowLeft className="flip-rtl size-4.5" aria-hidden="true" />
      </Link>
    </Button>
  );
  return (
    <Page title={t("channels.connect")} start={back}>
      <div className="mx-auto grid max-w-2xl grid-cols-1 gap-4">
        {made ? (
          <Card
            title={t("channels.connected_title", { name: made.name })}
            text={t("channels.connected_text")}
          >
            {made.webhook && <WebhookHelp channel={made} webhook={made.webhook} />}
            <Button asChild variant="primary" className="mt-5">
              <Link to="/app/inbox">{t("channels.go_inbox")}</Link>
            </Button>
          </Card>
        ) : (
          <Card title={t("channels.form_title")} text={t("channels.form_text")}>
            <ConnectForm onConnected={setMade} />
          </Card>
        )}
      </div>
    </Page>
  );
}
