import { KeyRound, type LucideIcon, MessageSquareQuote, UserRound } from "lucide-react";
import type { Permission } from "@/shared/api/types";

export type SettingsPlace = { page: string; key: string; icon: LucideIcon; needs: Permission[] };

/** The pages of the second column, each with the rights of which one is needed. */
export const SETTINGS: SettingsPlace[] = [
  { page: "profile", key: "profile", icon: UserRound, needs: [] },
  {
    page: "quick-replies",
    key: "quick_replies",
    icon: MessageSquareQuote,
    needs: ["quick_replies.manage", "inbox.reply"],
  },
  { page: "api-keys", key: "api_keys", icon: KeyRound, needs: ["api_keys.manage"] },
];

/** What a key may be allowed to do: the rights that make sense for a program. */
export const SCOPES: Permission[] = [
  "contacts.view",
  "contacts.edit",
  "contacts.delete",
  "groups.manage",
  "inbox.view_all",
  "inbox.reply",
  "templates.view",
  "templates.sync",
  "campaigns.view",
  "campaigns.edit",
  "campaigns.send",
  "channels.view",
];

/** The translation key of a right. */
export const scopeText = (scope: string): string => `scopes.${scope.replace(".", "_")}`;
