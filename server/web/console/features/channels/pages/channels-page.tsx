import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { EmptyState } from "@/kit/empty-state";
import { ErrorState } from "@/kit/error-state";
import { ForbiddenState } from "@/kit/forbidden-state";
import { CardSkeleton } from "@/kit/skeleton";
import { useErrorText } from "@/shared/api/use-error-text";
import { useChannels } from "@/shared/channels/channels";
import { Page } from "@/shared/page/page";
import { useCan } from "@/shared/permissions/use-can";
import { ChannelCard } from "../parts/channel-card";

/** Every connected number: its health in words, its webhook, and the way to disconnect it. */
export function ChannelsPage() {
  const { t } = useTranslation();
  const maySee = useCan("channels.view");
  const mayManage = useCan("channels.manage");
  const channels = useChannels();
  const errorText = useErrorText();
  const connect = (
    <Button asChild variant="primary">
      <Link to="/app/channels/connect">
        <Plus className="size-4" aria-hidden="true" />
        {t("channels.connect")}
      </Link>
    </Button>
  );
  if (!maySee) return <ForbiddenState area={t("nav.channels")} />;
  return (
    <Page title={t("nav.channels")} context={t("channels.context")} actions={mayManage && connect}>
      <div className="mx-auto max-w-4xl">
        {channels.isPending && <CardSkeleton label={t("kit.loading")} count={2} />}
        {channels.error && !channels.data && (
          <ErrorState
            error={errorText(channels.error)}
            onRetry={() => void channels.refetch()}
            busy={channels.isFetching}
          />
        )}
        {channels.data?.length === 0 && (
          <EmptyState
            art="ring"
            title={t("channels.empty_title")}
            text={mayManage ? t("channels.empty_text") : t("channels.empty_text_member")}
            action={mayManage && connect}
          />
        )}
        <ul className="grid grid-cols-1 gap-4">
          {channels.data?.map((channel) => (
            <li key={channel.id}>
              <ChannelCard channel={channel} />
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}
