import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "@/shared/api/client";
import { one, pages, rowsOf } from "@/shared/api/queries";
import type {
  Audience,
  Campaign,
  CampaignFailure,
  CampaignPreview,
  CampaignRetry,
  Recipient,
  Template,
} from "@/shared/api/types-outreach";
import { useConnection } from "@/shared/realtime/connection";
import { saveFile } from "@/shared/save-file";
import { CAMPAIGNS, campaignPath, showCampaign } from "./events";
import { type Act, isEmpty, isMoving } from "./model";

export function useCampaigns(filter: { status?: string; search?: string }) {
  const query = useInfiniteQuery(pages<Campaign>(CAMPAIGNS, filter));
  return { ...query, rows: rowsOf(query.data) };
}

/** Events bring every change; asking again now and then covers those that got lost. */
function usePace(): number {
  return useConnection((store) => store.state) === "connected" ? 20_000 : 3000;
}

export function useCampaign(id: string | null) {
  const pace = usePace();
  return useQuery({
    ...one<Campaign>(campaignPath(id ?? "")),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? pace : false),
  });
}

export function useRecipients(id: string, filter: { state?: string; search?: string }) {
  const query = useInfiniteQuery(
    pages<Recipient>(`${campaignPath(id)}/recipients`, { ...filter, limit: 100 }),
  );
  return { ...query, rows: rowsOf(query.data) };
}

export function useFailures(id: string) {
  return useQuery(one<{ data: CampaignFailure[] }>(`${campaignPath(id)}/failures`));
}

/** Saves the proof report as a file. */
export function useReport(id: string) {
  return useMutation({
    mutationFn: () => api.download(`${campaignPath(id)}/report`),
    onSuccess: (file) => saveFile(file, `campaign-${id}-report.csv`),
  });
}

export function useTemplate(id: string | null) {
  return useQuery({ ...one<Template>(`/templates/${id}`), enabled: id !== null });
}

/** Approved templates for whom a campaign's own did not reach; of one number, whose account they belong to. */
export function useUtilityTemplates(channel: string | null) {
  const filter = { status: "approved", channel_id: channel, limit: 200 };
  const query = useInfiniteQuery({ ...pages<Template>("/templates", filter), enabled: channel !== null });
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query;
  // A list to choose from is whole.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  return { ...query, rows: rowsOf(query.data).filter(({ category }) => category === "utility") };
}

export type Question = { template_id: string; audience: Audience; variables: Record<string, string> };

/** Who would get what: counts with every reduction, and real people with their finished text. */
export function usePreview(question: Question | null) {
  const asked = question && !isEmpty(question.audience) ? question : null;
  return useQuery({
    queryKey: ["/campaigns/preview", asked],
    queryFn: () => api.post<CampaignPreview>("/campaigns/preview", asked),
    enabled: asked !== null,
    placeholderData: asked ? keepPreviousData : undefined,
    staleTime: 15_000,
  });
}

export function useAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => api.post<Campaign>(`${campaignPath(id)}/${act}`),
    onSuccess: (campaign) => showCampaign(client, campaign),
    // Somebody was faster: what is true now is read and shown.
    onError: () => client.invalidateQueries({ queryKey: [campaignPath(id)] }),
  });
}

/** Puts people back into the queue whom it did not reach. */
export function useRetry(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (retry: CampaignRetry) => api.post<Campaign>(`${campaignPath(id)}/retry`, retry),
    onSuccess: (campaign) => {
      showCampaign(client, campaign);
      return client.invalidateQueries({ queryKey: [`${campaignPath(id)}/failures`] });
    },
  });
}

export function useDeleteDraft() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(campaignPath(id)),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: [campaignPath(id)] });
      return client.invalidateQueries({ queryKey: [CAMPAIGNS] });
    },
  });
}
