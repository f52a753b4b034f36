import { useTranslation } from "react-i18next";
import { Banner } from "@/kit/banner";
import type { Campaign } from "@/shared/api/types-outreach";
import { useFormat } from "@/shared/format/use-format";

/** Nothing goes out meanwhile, or only slower. */
const STOPS = ["budget", "channel_paused", "channel_disconnected"];

/** Why a campaign that is being sent waits or goes slower than it could, and until when. */
export function Waiting({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!campaign.waiting) return null;
  const { reason, until } = campaign.waiting;
  const stops = STOPS.includes(reason);
  const time = until ? format.moment(until) : null;
  return (
    <Banner tone={stops ? "warn" : "info"}>
      {t(`campaigns.waiting_${reason}`)}{" "}
      {time && (stops ? t("campaigns.waiting_until", { time }) : t("campaigns.waiting_about", { time }))}
    </Banner>
  );
}
