import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Banner } from "@/kit/banner";
import { Button, IconButton } from "@/kit/button";
import { ErrorState } from "@/kit/error-state";
import { ForbiddenState } from "@/kit/forbidden-state";
import { CardSkeleton } from "@/kit/skeleton";
import type { Campaign } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { Page } from "@/shared/page/page";
import { useCan } from "@/shared/permissions/use-can";
import { useCampaign } from "../api";
import { stateOf } from "../model";
import { Actions } from "../parts/actions";
import { Counters } from "../parts/counters";
import { DownloadReport } from "../parts/download-report";
import { Failures } from "../parts/failures";
import { Recipients } from "../parts/recipients";
import { StateChip } from "../parts/state-chip";
import { Waiting } from "../parts/waiting";

/** One campaign while it runs and after: where it stands, why, and what became of each person. */
export function CampaignPage() {
  const { t } = useTranslation();
  const { id }: { id?: string } = useParams({ strict: false });
  const may = useCan("campaigns.view");
  const errorText = useErrorText();
  const query = useCampaign(may && id ? id : null);
  if (!may) return <ForbiddenState area={t("nav.campaigns")} />;
  if (query.data) return <Report campaign={query.data} />;
  return (
    <Page title={t("nav.campaigns")} start={<Back />}>
      {query.isError ? (
        <ErrorState
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      ) : (
        <CardSkeleton label={t("kit.loading")} />
      )}
    </Page>
  );
}

function Back() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <IconButton label={t("campaigns.to_list")} onClick={() => void navigate({ to: "/app/campaigns" })}>
      <ArrowLeft className="flip-rtl size-5" aria-hidden="true" />
    </IconButton>
  );
}

function Report({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayEdit = useCan("campaigns.edit");
  const state = stateOf(campaign);
  const when = () => {
    if (campaign.completed_at) return t("campaigns.ended", { time: format.moment(campaign.completed_at) });
    if (campaign.started_at) return t("campaigns.started", { time: format.moment(campaign.started_at) });
    if (campaign.scheduled_at)
      return t("campaigns.starts", { time: format.moment(campaign.scheduled_at), zone: format.zone });
    return `${campaign.template.name} · ${campaign.template.language}`;
  };
  return (
    <Page
      title={campaign.name}
      start={<Back />}
      context={
        <span className="flex items-center gap-2">
          <StateChip campaign={campaign} />
          <span className="truncate">{when()}</span>
        </span>
      }
      actions={
        campaign.status === "draft" ? (
          mayEdit && (
            <Button asChild variant="primary">
              <Link to="/app/campaigns/new" search={{ draft: campaign.id }}>
                <Pencil className="size-4" aria-hidden="true" />
                {t("campaigns.continue")}
              </Link>
            </Button>
          )
        ) : (
          <>
            <DownloadReport campaign={campaign} />
            <Actions campaign={campaign} />
          </>
        )
      }
      flush
    >
      {campaign.reason && (
        <Banner tone={state === "failed" ? "bad" : state === "paused" ? "warn" : "info"}>
          {campaign.reason}
        </Banner>
      )}
      <Waiting campaign={campaign} />
      {state === "finishing" && (
        <Banner>
          {t("campaigns.finishing_text", {
            count: campaign.counts.unknown,
            n: format.number(campaign.counts.unknown),
          })}
        </Banner>
      )}
      <div className="scroll-thin min-h-0 flex-1 overflow-y-auto p-5 max-md:p-4">
        <div className="mx-auto max-w-5xl space-y-5">
          <Counters campaign={campaign} />
          <Failures campaign={campaign} />
          <Recipients id={campaign.id} />
        </div>
      </div>
    </Page>
  );
}
