import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/kit/error-state";
import { ForbiddenState } from "@/kit/forbidden-state";
import { CardSkeleton } from "@/kit/skeleton";
import type { Campaign, CampaignInput } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useScope } from "@/shared/channels/channels";
import { Page } from "@/shared/page/page";
import { useCan } from "@/shared/permissions/use-can";
import { useCampaign } from "../api";
import { NOBODY, USUAL } from "../model";
import { Wizard } from "../parts/wizard";

const inputOf = (campaign: Campaign): CampaignInput => ({
  name: campaign.name,
  template_id: campaign.template.id,
  channel_id: campaign.channel_id,
  audience: campaign.audience,
  variables: campaign.variables,
  scheduled_at: campaign.scheduled_at,
  rate: campaign.rate,
  rules: campaign.rules,
});

/** A new campaign, or a draft that goes on. */
export function CampaignNewPage() {
  const { t } = useTranslation();
  const may = useCan("campaigns.edit");
  const navigate = useNavigate();
  const { draft }: { draft?: string } = useSearch({ strict: false });
  // The draft that this page made: its id enters the address, and the wizard goes on as it is.
  const made = useRef<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (draft || !made.current) return;
    made.current = null;
    setRound((old) => old + 1);
  }, [draft]);
  if (!may) return <ForbiddenState area={t("campaigns.new_title")} />;
  return (
    <Draft
      key={round}
      id={draft && draft !== made.current ? draft : null}
      onMade={(id) => {
        made.current = id;
        void navigate({
          to: ".",
          search: (old: Record<string, unknown>) => ({ ...old, draft: id }),
          replace: true,
        });
      }}
    />
  );
}

function Draft({ id, onMade }: { id: string | null; onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const { channelId } = useScope();
  const { template }: { template?: string } = useSearch({ strict: false });
  const query = useCampaign(id);
  const status = query.data?.status;
  useEffect(() => {
    // Sent meanwhile, here or by somebody else: the report is the right place now.
    if (id && status && status !== "draft")
      void navigate({ to: "/app/campaigns/$id", params: { id }, replace: true });
  }, [id, status, navigate]);

  if (!id)
    return (
      <Wizard
        key="new"
        draftId={null}
        onMade={onMade}
        initial={{
          name: "",
          template_id: template ?? "",
          channel_id: channelId ?? undefined,
          audience: NOBODY,
          variables: {},
          scheduled_at: null,
          rate: null,
          rules: USUAL,
        }}
      />
    );
  if (query.data?.status === "draft")
    return <Wizard key="draft" draftId={id} onMade={onMade} initial={inputOf(query.data)} />;
  return (
    <Page title={t("campaigns.new_title")}>
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
