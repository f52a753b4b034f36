import type { QueryClient } from "@tanstack/react-query";
import { keyOf, patchPages } from "@/shared/api/queries";
import type { Campaign } from "@/shared/api/types-outreach";
import type { EventTable } from "@/shared/realtime/events";
import { newest } from "./model";

export const CAMPAIGNS = "/campaigns";
export const campaignPath = (id: string) => `${CAMPAIGNS}/${id}`;

/** The list with one campaign changed in place, or added on top where it belongs. */
export function withCampaign(
  rows: Campaign[],
  campaign: Campaign,
  status: unknown,
  searched: boolean,
): Campaign[] {
  const old = rows.find((row) => row.id === campaign.id);
  const next = newest(old, campaign);
  if (old === next) return rows;
  if (status && next.status !== status) return old ? rows.filter((row) => row !== old) : rows;
  if (old) return rows.map((row) => (row === old ? next : row));
  return searched ? rows : [next, ...rows];
}

/** Puts a campaign's newest state everywhere it is shown. */
export function showCampaign(client: QueryClient, campaign: Campaign): void {
  const key = keyOf(campaignPath(campaign.id));
  client.setQueryData<Campaign>(key, (old) => newest(old, campaign));
  patchPages<Campaign>(client, CAMPAIGNS, (rows, params) =>
    withCampaign(rows, campaign, params.status, Boolean(params.search)),
  );
}

const waiting = new Map<string, number>();

/** People and failures of an open report are read again at most every two seconds. */
function refreshReport(client: QueryClient, id: string): void {
  if (waiting.has(id)) return;
  const timer = window.setTimeout(() => {
    waiting.delete(id);
    for (const part of ["recipients", "failures"])
      void client.invalidateQueries({ queryKey: [`${campaignPath(id)}/${part}`] });
  }, 2000);
  waiting.set(id, timer);
}

export const events: EventTable = {
  "campaign.updated": ({ campaign }, client) => {
    showCampaign(client, campaign);
    refreshReport(client, campaign.id);
  },
};
