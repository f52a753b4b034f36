import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { one } from "../api/queries";
import type { Channel, Page } from "../api/types";
import { useCan } from "../permissions/use-can";
import { remember, remembered } from "../storage";

export const channelsQuery = one<Page<Channel>>("/channels");

/** All channels of the business, for names, health and the switcher. */
export function useChannels() {
  const may = useCan("channels.view");
  return useQuery({ ...channelsQuery, enabled: may, select: (page) => page.data });
}

/** The remembered scope; the address carries it, so two tabs can show two channels. */
export const rememberedChannel = (): string | undefined => remembered("channel") ?? undefined;

/** The channel that contacts, conversations and campaigns are limited to; null means all. */
export function useScope(): { channelId: string | null; setChannel: (id: string | null) => void } {
  const search: { channel?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    channelId: search.channel ?? null,
    setChannel: (id) => {
      remember("channel", id);
      void navigate({
        to: ".",
        search: (old: Record<string, unknown>) => ({ ...old, channel: id ?? undefined }),
      });
    },
  };
}
