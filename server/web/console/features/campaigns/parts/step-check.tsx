import type { TFunction } from "i18next";
import { CircleAlert, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import { Card } from "@/kit/page-header";
import type { CampaignInput, CampaignPreview, Template } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useChannels } from "@/shared/channels/channels";
import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/permissions/use-can";
import { missingOf } from "@/shared/templates/template";
import type { usePreview } from "../api";
import { durationOf, isEmpty } from "../model";
import { HoldButton } from "./hold-button";
import { Rules } from "./rules";
import { Reductions, Samples } from "./samples";
import { TimeAndSpeed } from "./time-and-speed";

const LARGE = 1000;
export type Step = "message" | "audience" | "check";

/** Third step: everything on one page; what blocks leads to its place; many people are sent to by holding. */
export function StepCheck({
  input,
  template,
  preview,
  onChange,
  onStep,
  onSend,
  sending,
  error,
}: {
  input: CampaignInput;
  template: Template | undefined;
  preview: ReturnType<typeof usePreview>;
  onChange: (part: Partial<CampaignInput>) => void;
  onStep: (step: Step) => void;
  onSend: () => void;
  sending: boolean;
  error: unknown;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const maySend = useCan("campaigns.send");
  const [asking, setAsking] = useState(false);
  const channel = useChannels().data?.find(({ id }) => id === (input.channel_id ?? template?.channel_id));
  const total = preview.data?.total ?? 0;
  const findings = useFindings(input, template, channel?.state ?? null, preview);
  const speed = input.rate ?? channel?.throughput ?? 0;
  const words = input.scheduled_at
    ? t("campaigns.schedule_for", { count: total, n: format.number(total) })
    : t("campaigns.send_to", { count: total, n: format.number(total) });
  const facts: [string, string][] = [
    [t("campaigns.name"), input.name],
    [t("campaigns.template"), template ? `${template.name} · ${template.language}` : "–"],
    [t("campaigns.channel"), channel?.name ?? "–"],
    [
      t("campaigns.takes"),
      total > 0 && speed > 0
        ? t("campaigns.takes_about", { duration: format.duration(durationOf(total, speed)) })
        : "–",
    ],
    ...budgetFacts(preview.data?.forecast, total, t, format),
  ];
  const reason = !maySend ? t("campaigns.may_not_send") : (findings[0]?.words ?? null);
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_300px]">
      <div className="min-w-0 space-y-5">
        {findings.length > 0 && (
          <ul className="space-y-2" aria-label={t("campaigns.before_sending")}>
            {findings.map((finding) => (
              <li
                key={finding.words}
                className="flex items-center gap-2.5 rounded-lg bg-bad-tint px-3 py-2 font-medium text-bad"
              >
                <CircleAlert className="size-4 shrink-0" aria-hidden="true" />
                <span className="min-w-0 flex-1">{finding.words}</span>
                <Button variant="link" onClick={() => onStep(finding.step)}>
                  {t("campaigns.go_there")}
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Card title={t("campaigns.summary")}>
          <dl className="grid grid-cols-[minmax(96px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
            {facts.map(([label, value]) => (
              <div key={label} className="contents">
                <dt className="text-ink-3">{label}</dt>
                <dd className="truncate font-medium">
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </Card>
        <TimeAndSpeed input={input} limit={channel?.throughput ?? null} onChange={onChange} />
        <Rules input={input} template={template} onChange={onChange} />
        <Samples preview={preview} />
      </div>
      <div className="space-y-4">
        <Card title={t("campaigns.people")}>
          <Reductions preview={preview} />
        </Card>
        {Boolean(error) && <ErrorNote error={errorText(error)} />}
        <div className="flex justify-end">
          {total > LARGE && !reason ? (
            <HoldButton busy={sending} onDone={onSend} onShort={() => setAsking(true)}>
              <Send className="flip-rtl size-4.5" aria-hidden="true" />
              {words}
            </HoldButton>
          ) : (
            <Button variant="primary" size="lg" busy={sending} reason={reason} onClick={onSend}>
              <Send className="flip-rtl size-4.5" aria-hidden="true" />
              {words}
            </Button>
          )}
        </div>
        <p className="text-end text-small text-pretty text-ink-3">{t("campaigns.runs_on_server")}</p>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={words}
        description={t("campaigns.send_confirm")}
        typed={String(total)}
        action={t("campaigns.send")}
        busy={sending}
        onConfirm={onSend}
      />
    </div>
  );
}

/** Where the business may write to fewer new people today than there are: how many, and when all have it. */
function budgetFacts(
  forecast: CampaignPreview["forecast"] | undefined,
  total: number,
  t: TFunction,
  format: ReturnType<typeof useFormat>,
): [string, string][] {
  if (!forecast?.limit || forecast.left === null || forecast.left >= total) return [];
  const { left, limit, done_at } = forecast;
  const budget = t("campaigns.new_people_left", { left: format.number(left), limit: format.number(limit) });
  const facts: [string, string][] = [[t("campaigns.new_people"), budget]];
  if (done_at)
    facts.push([t("campaigns.all_by"), t("campaigns.all_by_about", { time: format.moment(done_at) })]);
  return facts;
}

type Finding = { words: string; step: Step };

/** What keeps the campaign from being sent, each with the step that mends it. */
function useFindings(
  input: CampaignInput,
  template: Template | undefined,
  channelState: string | null,
  preview: ReturnType<typeof usePreview>,
): Finding[] {
  const { t } = useTranslation();
  const found: Finding[] = [];
  if (input.name.trim() === "") found.push({ words: t("campaigns.need_name"), step: "message" });
  if (!template) found.push({ words: t("campaigns.need_template"), step: "message" });
  else if (template.status !== "approved")
    found.push({ words: t("campaigns.need_approved"), step: "message" });
  const missing = template ? missingOf(template, input.variables).length : 0;
  if (missing > 0) found.push({ words: t("inbox.template_missing", { count: missing }), step: "message" });
  if (isEmpty(input.audience)) found.push({ words: t("campaigns.need_people"), step: "audience" });
  else if (preview.data?.total === 0) found.push({ words: t("campaigns.nobody_left"), step: "audience" });
  if (channelState !== null && channelState !== "connected")
    found.push({ words: t("campaigns.need_channel"), step: "message" });
  return found;
}
