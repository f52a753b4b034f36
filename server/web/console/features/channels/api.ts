import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newKey } from "@/shared/api/client";
import { one } from "@/shared/api/queries";
import type { Channel, ChannelCheck, ChannelCheckRequest, ChannelConnectRequest } from "@/shared/api/types";
import { channelsQuery } from "@/shared/channels/channels";

/** Asks Meta whether these credentials work. Nothing is saved. */
export function useCheckChannel() {
  return useMutation({
    mutationFn: (input: ChannelCheckRequest) => api.post<ChannelCheck>("/channels/check", input),
  });
}

export function useConnectChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ChannelConnectRequest) =>
      api.post<Channel>("/channels", input, { idempotencyKey: newKey() }),
    onSuccess: () => client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  });
}

export function useRenameChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      api.patch<Channel>(`/channels/${id}`, { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  });
}

export function useDisconnectChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/channels/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  });
}

/** One channel, asked again every five seconds while its first event is awaited. */
export function useFirstEvent(channel: Channel): string | null {
  const { data } = useQuery({
    ...one<Channel>(`/channels/${channel.id}`),
    initialData: channel,
    refetchInterval: (query) => (query.state.data?.last_inbound_at ? false : 5000),
  });
  return data.last_inbound_at;
}
