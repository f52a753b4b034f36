import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Banner } from "@/kit/banner";
import { useChannels, useScope } from "@/shared/channels/channels";
import { useFormat } from "@/shared/format/use-format";
import { useConnectionNotice } from "@/shared/realtime/use-connection-notice";

/** At most one line above the page, the weightiest: no connection, then a channel that is disconnected. */
export function Banners() {
  const { t } = useTranslation();
  const format = useFormat();
  const { notice, since } = useConnectionNotice();
  const { data: channels = [] } = useChannels();
  const { channelId } = useScope();
  const dead = channels.find(
    (channel) => channel.state === "disconnected" && (!channelId || channel.id === channelId),
  );
  if (notice === "offline") {
    return <Banner tone="warn">{t("connection.offline", { time: format.time(since ?? Date.now()) })}</Banner>;
  }
  if (notice === "reconnecting") return <Banner tone="info">{t("connection.reconnecting")}</Banner>;
  if (dead) {
    return (
      <Banner
        tone="bad"
        action={
          <Link to="/app/channels" className="rounded-sm font-semibold underline underline-offset-3">
            {t("channels.open")}
          </Link>
        }
      >
        {t("channels.disconnected_banner", { name: dead.name })}
      </Banner>
    );
  }
  return null;
}
