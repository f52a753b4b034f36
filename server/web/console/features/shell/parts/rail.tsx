import { Link, useRouterState } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { CountBadge } from "@/kit/chip";
import { cn } from "@/kit/cn";
import { Tooltip } from "@/kit/tooltip";
import { useScope } from "@/shared/channels/channels";
import { useFormat } from "@/shared/format/use-format";
import { useSession } from "@/shared/session/session";
import { useWaiting } from "../api";
import { LOWER_PLACES, mayOpen, PLACES, type Place } from "../model";
import { ChannelSwitcher } from "./channel-switcher";
import { MeMenu } from "./me-menu";

/** The dark rail: channel, pages, me. Folded it shows icons only, each with its tooltip. */
export function Rail({ folded, onFold }: { folded: boolean; onFold: () => void }) {
  const { t } = useTranslation();
  const { permissions, is_superadmin } = useSession();
  const lower = LOWER_PLACES.filter((place) => mayOpen(place, permissions));
  const groups = PLACES.map((group) => group.filter((place) => mayOpen(place, permissions))).filter(
    (group) => group.length > 0,
  );
  return (
    <nav
      aria-label={t("nav.main")}
      className={cn(
        "on-rail hidden min-h-0 flex-col bg-rail text-rail-ink md:flex",
        folded ? "w-15" : "w-52",
        is_superadmin && "border-e-2 border-marigold",
      )}
    >
      <div className="p-3 max-md:p-2">
        <ChannelSwitcher folded={folded} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-3">
        {groups.map((group) => (
          <ul key={group[0]?.key} className="mb-4">
            {group.map((place) => (
              <RailLink key={place.to} place={place} folded={folded} />
            ))}
          </ul>
        ))}
      </div>
      <div className="p-3">
        <ul className="mb-2">
          {lower.map((place) => (
            <RailLink key={place.to} place={place} folded={folded} />
          ))}
        </ul>
        <div className={cn("flex items-center gap-1", folded && "flex-col-reverse")}>
          <div className="min-w-0 flex-1">
            <MeMenu folded={folded} />
          </div>
          <Tooltip label={folded ? t("nav.unfold") : t("nav.fold")} side="right">
            <button
              type="button"
              aria-label={folded ? t("nav.unfold") : t("nav.fold")}
              onClick={onFold}
              className="grid size-8 shrink-0 place-items-center rounded-md text-rail-ink-2 hover:bg-rail-2 hover:text-rail-ink"
            >
              {folded ? (
                <PanelLeftOpen className="flip-rtl size-4" />
              ) : (
                <PanelLeftClose className="flip-rtl size-4" />
              )}
            </button>
          </Tooltip>
        </div>
      </div>
    </nav>
  );
}

export function useActive(place: Place): boolean {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return path.startsWith(place.to);
}

function RailLink({ place, folded }: { place: Place; folded: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const active = useActive(place);
  const { channelId } = useScope();
  const waiting = useWaiting(channelId);
  const label = t(`nav.${place.key}`);
  const count = place.key === "inbox" ? waiting : 0;
  const link = (
    <Link
      to={place.to}
      search={{ channel: channelId ?? undefined }}
      aria-current={active ? "page" : undefined}
      className={cn(
        "relative my-0.5 flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 text-compact font-medium text-rail-ink-2 transition-colors duration-120 hover:bg-rail-2 hover:text-rail-ink",
        active && "bg-rail-2 font-semibold text-rail-ink",
        folded && "justify-center px-0",
      )}
    >
      <place.icon className="size-[17px] shrink-0" strokeWidth={1.75} aria-hidden="true" />
      <span className={folded ? "sr-only" : "min-w-0 flex-1 truncate"}>{label}</span>
      {count > 0 &&
        (folded ? (
          <span className="absolute end-1 top-1 size-2 rounded-full bg-marigold ring-2 ring-rail">
            <span className="sr-only">{t("nav.waiting", { count, n: format.counted(count) })}</span>
          </span>
        ) : (
          <CountBadge
            value={count}
            tone="waiting"
            label={t("nav.waiting", { count, n: format.counted(count) })}
          />
        ))}
    </Link>
  );
  return (
    <li>
      {folded ? (
        <Tooltip label={label} side="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  );
}
