import { useTranslation } from "react-i18next";
import { Chip } from "@/kit/chip";
import type { Campaign } from "@/shared/api/types-outreach";
import { stateOf, TONE } from "../model";

export function StateChip({ campaign }: { campaign: Pick<Campaign, "status" | "counts"> }) {
  const { t } = useTranslation();
  const state = stateOf(campaign);
  return <Chip tone={TONE[state]}>{t(`campaigns.state_${state}`)}</Chip>;
}
