import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import type { Campaign, CampaignRetry } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useCan } from "@/shared/permissions/use-can";
import { useRetry } from "../api";
import { mayTryAgain } from "../model";

/** Sends again to people whom the campaign did not reach, after asking. Not offered where the campaign is over for good. */
export function TryAgain({
  campaign,
  retry,
  title,
  text,
}: {
  campaign: Campaign;
  retry: CampaignRetry;
  title: string;
  text: string;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [asking, setAsking] = useState(false);
  const again = useRetry(campaign.id);
  const reason = useCan("campaigns.send") ? null : t("campaigns.may_not_send");
  if (!mayTryAgain(campaign)) return null;
  return (
    <>
      <Button reason={reason} onClick={() => setAsking(true)}>
        <RotateCcw className="size-4" aria-hidden="true" />
        {t("campaigns.again")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          setAsking(open);
          again.reset();
        }}
        title={title}
        description={text}
        action={t("campaigns.again")}
        busy={again.isPending}
        error={again.error && <ErrorNote error={errorText(again.error)} />}
        onConfirm={() => again.mutate(retry, { onSuccess: () => setAsking(false) })}
      />
    </>
  );
}
