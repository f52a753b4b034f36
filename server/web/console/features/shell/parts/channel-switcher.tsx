import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, Plus, RadioTower } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Dot } from "@/kit/chip";
import { cn } from "@/kit/cn";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/kit/menu";
import type { Channel } from "@/shared/api/types";
import { useChannels, useScope } from "@/shared/channels/channels";
import { showPhone } from "@/shared/format/phone";
import { useCan } from "@/shared/permissions/use-can";
import { useSession } from "@/shared/session/session";

const ALL = "all";
const toneOf = (channel: Channel) =>
  channel.state === "disconnected" || channel.quality === "red"
    ? "bad"
    : channel.problem || channel.state === "paused" || channel.quality === "yellow"
      ? "warn"
      : "ok";

/** Chooses the number that everything on screen is about; kept in the address and in this browser. */
export function ChannelSwitcher({ folded, phone }: { folded?: boolean; phone?: boolean }) {
  const { t } = useTranslation();
  const session = useSession();
  const { data: channels = [] } = useChannels();
  const { channelId, setChannel } = useScope();
  const navigate = useNavigate();
  const mayManage = useCan("channels.manage");
  const chosen = channels.find((channel) => channel.id === channelId);
  const only = channels.length === 1 ? channels[0] : undefined;
  const shown = chosen ?? only;
  const title = shown?.name ?? session.tenant?.name ?? session.brand.name;
  const line = shown ? showPhone(shown.phone) : t("channels.all");
  return (
    <Menu
      side="bottom"
      className="w-72"
      trigger={
        <button
          type="button"
          className={cn(
            "flex w-full min-w-0 items-center gap-2 rounded-xl p-2 text-start",
            phone ? "hover:bg-sunken" : "bg-rail-2 hover:opacity-95",
            folded && "justify-center p-0.5",
          )}
        >
          <span
            aria-hidden="true"
            className="relative grid size-8 shrink-0 place-items-center rounded-lg bg-brand-tint-2 text-compact font-extrabold text-brand"
          >
            {[...title].slice(0, 1).join("").toLocaleUpperCase()}
            {shown && (
              <span
                className={cn(
                  "absolute -end-0.5 -bottom-0.5 flex rounded-full p-0.5",
                  phone ? "bg-surface" : "bg-rail-2",
                )}
              >
                <Dot tone={toneOf(shown)} />
              </span>
            )}
          </span>
          {folded && <span className="sr-only">{title}</span>}
          {!folded && (
            <>
              <span className="min-w-0 flex-1">
                <span className="block truncate text-compact font-semibold leading-4">{title}</span>
                <span
                  className={cn(
                    "block truncate text-micro font-normal",
                    phone ? "text-ink-3" : "text-rail-ink-2",
                  )}
                >
                  <bdi dir={shown ? "ltr" : undefined}>{line}</bdi>
                </span>
              </span>
              <ChevronsUpDown className="size-3.5 shrink-0 opacity-70" aria-hidden="true" />
            </>
          )}
          <span className="sr-only">{t("channels.switch")}</span>
        </button>
      }
    >
      <MenuChoice
        label={t("channels.scope")}
        value={channelId ?? ALL}
        onValueChange={(value) => setChannel(value === ALL ? null : value)}
        options={[
          { value: ALL, label: t("channels.all") },
          ...channels.map((channel) => ({ value: channel.id, label: <ChannelLine channel={channel} /> })),
        ]}
      />
      <MenuSeparator />
      <MenuItem icon={<RadioTower />} onSelect={() => void navigate({ to: "/app/channels" })}>
        {t("channels.manage")}
      </MenuItem>
      {mayManage && (
        <MenuItem icon={<Plus />} onSelect={() => void navigate({ to: "/app/channels/connect" })}>
          {t("channels.connect")}
        </MenuItem>
      )}
    </Menu>
  );
}

function ChannelLine({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  return (
    <span className="block min-w-0 py-0.5">
      <span className="block truncate font-semibold">{channel.name}</span>
      <span className="flex items-center gap-1.5 text-small text-ink-3">
        <Dot tone={toneOf(channel)} />
        <span className="tabular" dir="ltr">
          {showPhone(channel.phone)}
        </span>
        <span>{t(`channels.state_${channel.state}`)}</span>
      </span>
    </span>
  );
}
