import { Inbox, type LucideIcon, Megaphone, RadioTower, Settings, Users } from "lucide-react";
import type { Permission } from "@/shared/api/types";

export type Place = {
  to: "/app/inbox" | "/app/contacts" | "/app/campaigns" | "/app/channels" | "/app/settings";
  key: string;
  icon: LucideIcon;
  /** Any of these opens it; none means everybody. */
  needs: Permission[];
  /** Second key after g. */
  go: string;
};

/** The pages of the rail, in groups. Only pages that exist stand here. */
export const PLACES: Place[][] = [
  [
    {
      to: "/app/inbox",
      key: "inbox",
      icon: Inbox,
      needs: ["inbox.view_all", "inbox.view_assigned"],
      go: "i",
    },
    { to: "/app/contacts", key: "contacts", icon: Users, needs: ["contacts.view"], go: "c" },
  ],
  [{ to: "/app/campaigns", key: "campaigns", icon: Megaphone, needs: ["campaigns.view"], go: "m" }],
];
export const LOWER_PLACES: Place[] = [
  { to: "/app/channels", key: "channels", icon: RadioTower, needs: ["channels.view"], go: "n" },
  { to: "/app/settings", key: "settings", icon: Settings, needs: [], go: "s" },
];

export const mayOpen = (place: Place, permissions: string[]): boolean =>
  place.needs.length === 0 || place.needs.some((need) => permissions.includes(need));
