import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CountBadge } from "@/kit/chip";
import { cn } from "@/kit/cn";
import { useScope } from "@/shared/channels/channels";
import { useFormat } from "@/shared/format/use-format";
import { useSession } from "@/shared/session/session";
import { useWaiting } from "../api";
import { LOWER_PLACES, mayOpen, PLACES, type Place } from "../model";
import { ChannelSwitcher } from "./channel-switcher";
import { MeMenu } from "./me-menu";
import { useActive } from "./rail";

/** Phones: channel and person above, pages below. */
export function PhoneTop() {
  return (
    <div className="flex items-center gap-2 border-b border-line bg-surface px-2 py-1 md:hidden">
      <div className="min-w-0 flex-1">
        <ChannelSwitcher phone />
      </div>
      <div className="shrink-0">
        <MeMenu phone />
      </div>
    </div>
  );
}

export function PhoneBottom() {
  const { t } = useTranslation();
  const { permissions } = useSession();
  const places = [...PLACES.flat(), ...LOWER_PLACES].filter((place) => mayOpen(place, permissions));
  return (
    <nav aria-label={t("nav.main")} className="on-rail safe-bottom bg-rail text-rail-ink md:hidden">
      <ul className="flex">
        {places.map((place) => (
          <PhoneLink key={place.to} place={place} />
        ))}
      </ul>
    </nav>
  );
}

function PhoneLink({ place }: { place: Place }) {
  const { t } = useTranslation();
  const format = useFormat();
  const active = useActive(place);
  const { channelId } = useScope();
  const waiting = useWaiting(channelId);
  const count = place.key === "inbox" ? waiting : 0;
  return (
    <li className="min-w-0 flex-1">
      <Link
        to={place.to}
        search={{ channel: channelId ?? undefined }}
        aria-current={active ? "page" : undefined}
        className={cn(
          "relative flex h-14 flex-col items-center justify-center gap-0.5 px-1 text-micro font-medium text-rail-ink-2",
          active && "font-semibold text-rail-ink",
        )}
      >
        <place.icon className="size-5" strokeWidth={active ? 2.1 : 1.75} aria-hidden="true" />
        <span className="max-w-full truncate">{t(`nav.${place.key}`)}</span>
        <CountBadge
          value={count}
          tone="waiting"
          label={t("nav.waiting", { count, n: format.counted(count) })}
          className="absolute start-1/2 top-1 ms-1.5 h-4 min-w-4 px-1"
        />
      </Link>
    </li>
  );
}
