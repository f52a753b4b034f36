import { Pause, Play, Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import { toast } from "@/kit/toast";
import type { Campaign } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/permissions/use-can";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { useAct } from "../api";
import { type Act, actsOf } from "../model";

/** Pause, resume, cancel: each only where the state allows it; cancelling asks first and says what happens to whom. */
export function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [asking, setAsking] = useState(false);
  const act = useAct(campaign.id);
  const acts = actsOf(campaign);
  const reason = useCan("campaigns.send") ? null : t("campaigns.may_not_send");
  const run = (which: Act) =>
    act.mutate(which, {
      onError: (error) => {
        if (which !== "cancel")
          toast(t("campaigns.act_refused"), { text: errorText(error).message, tone: "bad" });
      },
      onSuccess: () => setAsking(false),
    });
  const toggle = acts.find((each) => each !== "cancel");
  useShortcut(
    "p",
    { label: t("campaigns.key_pause"), group: t("nav.campaigns"), enabled: toggle !== undefined && !reason },
    () => toggle && run(toggle),
  );
  const busy = (which: Act) => act.isPending && act.variables === which;
  return (
    <>
      {toggle && (
        <Button
          variant={toggle === "resume" ? "primary" : "secondary"}
          reason={reason}
          busy={busy(toggle)}
          onClick={() => run(toggle)}
          className="max-md:size-11 max-md:p-0"
        >
          {toggle === "resume" ? (
            <Play className="flip-rtl size-4" aria-hidden="true" />
          ) : (
            <Pause className="size-4" aria-hidden="true" />
          )}
          <span className="max-md:sr-only">{t(`campaigns.act_${toggle}`)}</span>
        </Button>
      )}
      {acts.includes("cancel") && (
        <Button
          variant="danger-quiet"
          reason={reason}
          onClick={() => setAsking(true)}
          className="max-md:size-11 max-md:p-0"
        >
          <Square className="size-4" aria-hidden="true" />
          <span className="max-md:sr-only">{t("campaigns.act_cancel")}</span>
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("campaigns.cancel_title", { name: campaign.name })}
        description={t("campaigns.cancel_text", {
          count: campaign.counts.waiting,
          n: format.number(campaign.counts.waiting),
        })}
        action={t("campaigns.act_cancel")}
        busy={busy("cancel")}
        error={act.error && asking && <ErrorNote error={errorText(act.error)} />}
        onConfirm={() => run("cancel")}
      />
    </>
  );
}
