import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/button";
import { cn } from "@/kit/cn";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import { api, newKey } from "@/shared/api/client";
import type { Campaign, CampaignInput } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { Page } from "@/shared/page/page";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { useDeleteDraft, usePreview, useTemplate } from "../api";
import { campaignPath, showCampaign } from "../events";
import { type SaveState, useDraftCampaign } from "../use-draft-campaign";
import { StepAudience } from "./step-audience";
import { type Step, StepCheck } from "./step-check";
import { StepMessage } from "./step-message";

const STEPS: Step[] = ["message", "audience", "check"];

/** Three steps, open in any order; the draft saves itself, and no step loses anything. */
export function Wizard({
  draftId,
  initial,
  onMade,
}: {
  draftId: string | null;
  initial: CampaignInput;
  onMade: (id: string) => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const address: { step?: string } = useSearch({ strict: false });
  const step = STEPS.find((each) => each === address.step) ?? "message";
  const at = STEPS.indexOf(step);
  const go = (change: { step?: Step }) =>
    void navigate({
      to: ".",
      search: (old: Record<string, unknown>) => ({ ...old, ...change }),
      replace: true,
    });
  const [madeId, setMadeId] = useState(draftId);
  const { input, change, save, flush } = useDraftCampaign(draftId, initial, (id) => {
    setMadeId(id);
    onMade(id);
  });
  const template = useTemplate(input.template_id || null).data;
  const question = useDeferredValue(
    template ? { template_id: template.id, audience: input.audience, variables: input.variables } : null,
  );
  const preview = usePreview(question);
  const [startKey] = useState(newKey);
  const start = useMutation({
    mutationFn: async () => {
      const draft = await flush();
      const id = draft?.id ?? madeId;
      if (!id) throw new Error("a campaign without name or template cannot be started");
      return api.post<Campaign>(`${campaignPath(id)}/start`, {}, { idempotencyKey: startKey });
    },
    onSuccess: (campaign) => {
      showCampaign(client, campaign);
      void navigate({ to: "/app/campaigns/$id", params: { id: campaign.id } });
    },
  });
  const next = STEPS[at + 1];
  const before = STEPS[at - 1];
  const group = t("campaigns.new_title");
  useShortcut("mod+arrowright", { label: t("campaigns.next"), group, enabled: next !== undefined }, () =>
    go({ step: next }),
  );
  useShortcut("mod+arrowleft", { label: t("campaigns.back"), group, enabled: before !== undefined }, () =>
    go({ step: before }),
  );

  return (
    <Page
      title={input.name.trim() || t("campaigns.new_title")}
      context={<SaveWords save={save} onRetry={() => void flush().catch(() => undefined)} />}
      start={
        <IconButton label={t("campaigns.to_list")} onClick={() => void navigate({ to: "/app/campaigns" })}>
          <ArrowLeft className="flip-rtl size-5" aria-hidden="true" />
        </IconButton>
      }
      actions={madeId && <DeleteDraft id={madeId} />}
      flush
    >
      <Stepper step={step} onStep={(to) => go({ step: to })} />
      <div className="scroll-thin min-h-0 flex-1 overflow-y-auto p-5 max-md:p-4">
        <div className="mx-auto max-w-5xl">
          {step === "message" && (
            <StepMessage input={input} template={template} preview={preview} onChange={change} />
          )}
          {step === "audience" && <StepAudience input={input} preview={preview} onChange={change} />}
          {step === "check" && (
            <StepCheck
              input={input}
              template={template}
              preview={preview}
              onChange={change}
              onStep={(to) => go({ step: to })}
              onSend={() => start.mutate()}
              sending={start.isPending}
              error={start.error}
            />
          )}
        </div>
      </div>
      <footer className="flex items-center justify-between border-t border-line bg-surface px-5 py-3 max-md:px-4">
        {before ? (
          <Button onClick={() => go({ step: before })}>
            <ArrowLeft className="flip-rtl size-4" aria-hidden="true" />
            {t("campaigns.back")}
          </Button>
        ) : (
          <span />
        )}
        {next && (
          <Button variant="primary" onClick={() => go({ step: next })}>
            {t(`campaigns.to_${next}`)}
            <ArrowRight className="flip-rtl size-4" aria-hidden="true" />
          </Button>
        )}
      </footer>
    </Page>
  );
}

function Stepper({ step, onStep }: { step: Step; onStep: (step: Step) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <nav aria-label={t("campaigns.steps")} className="border-b border-line bg-surface px-5 max-md:px-2">
      <ol className="flex gap-1 overflow-x-auto py-2">
        {STEPS.map((each, index) => (
          <li key={each}>
            <button
              type="button"
              aria-current={each === step ? "step" : undefined}
              onClick={() => onStep(each)}
              className={cn(
                "flex min-h-9 items-center gap-2 whitespace-nowrap rounded-lg px-3 text-compact font-medium text-ink-2 hover:bg-sunken max-md:min-h-11",
                each === step && "bg-brand-tint font-semibold text-brand hover:bg-brand-tint",
              )}
            >
              <span
                className={cn(
                  "tabular grid size-5 place-items-center rounded-full bg-sunken text-micro font-bold",
                  each === step && "bg-brand text-brand-ink",
                )}
              >
                {format.number(index + 1)}
              </span>
              {t(`campaigns.step_${each}`)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What became of the last change. */
function SaveWords({ save, onRetry }: { save: SaveState; onRetry: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  if (save.kind === "saved")
    return <span role="status">{t("campaigns.saved", { time: format.time(save.at) })}</span>;
  if (save.kind === "saving") return <span role="status">{t("campaigns.saving")}</span>;
  if (save.kind === "failed")
    return (
      <span role="alert" className="text-bad">
        {t("campaigns.not_saved", { why: errorText(save.error).message })}{" "}
        <button type="button" onClick={onRetry} className="font-semibold underline">
          {t("kit.retry")}
        </button>
      </span>
    );
  return <span>{t("campaigns.saves_itself")}</span>;
}

function DeleteDraft({ id }: { id: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useDeleteDraft();
  return (
    <>
      <IconButton label={t("campaigns.delete_draft")} onClick={() => setAsking(true)}>
        <Trash2 className="size-4.5" aria-hidden="true" />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("campaigns.delete_draft_title")}
        description={t("campaigns.delete_draft_text")}
        action={t("campaigns.delete_draft")}
        busy={remove.isPending}
        error={remove.error && <ErrorNote error={errorText(remove.error)} />}
        onConfirm={() => remove.mutate(id, { onSuccess: () => void navigate({ to: "/app/campaigns" }) })}
      />
    </>
  );
}
