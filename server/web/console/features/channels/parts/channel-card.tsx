import { Link } from "@tanstack/react-router";
import {
  ChevronDown,
  CircleCheck,
  CirclePause,
  CircleX,
  EllipsisVertical,
  Pencil,
  PlugZap,
  Unplug,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "@/kit/banner";
import { Button, IconButton } from "@/kit/button";
import { Chip } from "@/kit/chip";
import { Menu, MenuItem } from "@/kit/menu";
import type { Channel } from "@/shared/api/types";
import { showPhone } from "@/shared/format/phone";
import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/format/use-now";
import { useCan } from "@/shared/permissions/use-can";
import { QUALITY_TONE, STATE_TONE } from "../model";
import { DisconnectDialog } from "./disconnect-dialog";
import { RenameDialog } from "./rename-dialog";
import { WebhookHelp } from "./webhook-help";

const ICON = { connected: CircleCheck, paused: CirclePause, disconnected: CircleX };

export function ChannelCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const mayManage = useCan("channels.manage");
  const [dialog, setDialog] = useState<"none" | "rename" | "disconnect">("none");
  const Icon = ICON[channel.state];
  const facts = [
    [t("channels.verified_name"), channel.verified_name ?? t("channels.unknown")],
    [t("channels.throughput"), t("channels.per_second", { rate: format.number(channel.throughput) })],
    [
      t("channels.last_inbound"),
      channel.last_inbound_at ? format.short(channel.last_inbound_at, now) : t("channels.never"),
    ],
    [t("channels.since"), format.date(channel.created_at)],
  ];
  return (
    <section aria-label={channel.name} className="overflow-hidden rounded-2xl border border-line bg-surface">
      {channel.problem && (
        <Banner tone={channel.state === "disconnected" ? "bad" : "warn"}>
          <bdi>{channel.problem.message}</bdi>
        </Banner>
      )}
      <div className="p-5 max-md:p-4">
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <h2 className="truncate text-title font-bold">
              <bdi>{channel.name}</bdi>
            </h2>
            <p className="tabular text-ink-2">
              <bdi dir="ltr">{showPhone(channel.phone)}</bdi>
            </p>
            <div className="mt-2 flex flex-wrap gap-1.5">
              <Chip tone={STATE_TONE[channel.state]} icon={<Icon aria-hidden="true" />}>
                {t(`channels.state_${channel.state}`)}
              </Chip>
              <Chip tone={QUALITY_TONE[channel.quality]}>{t(`channels.quality_${channel.quality}`)}</Chip>
            </div>
          </div>
          {mayManage && channel.state === "disconnected" && (
            <Button asChild variant="primary">
              <Link
                to="/app/channels/connect"
                search={{ waba: channel.waba_id, number: channel.phone_number_id, name: channel.name }}
              >
                <PlugZap className="size-4" aria-hidden="true" />
                {t("channels.reconnect")}
              </Link>
            </Button>
          )}
          {mayManage && (
            <Menu
              align="end"
              trigger={
                <IconButton label={t("channels.actions", { name: channel.name })}>
                  <EllipsisVertical className="size-4.5" />
                </IconButton>
              }
            >
              <MenuItem icon={<Pencil />} onSelect={() => setDialog("rename")}>
                {t("channels.rename")}
              </MenuItem>
              {channel.state !== "disconnected" && (
                <MenuItem icon={<Unplug />} danger onSelect={() => setDialog("disconnect")}>
                  {t("channels.disconnect")}
                </MenuItem>
              )}
            </Menu>
          )}
        </div>
        <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-3 md:grid-cols-4">
          {facts.map(([term, value]) => (
            <div key={term} className="min-w-0">
              <dt className="text-small text-ink-3">{term}</dt>
              <dd className="break-words font-medium">{value}</dd>
            </div>
          ))}
        </dl>
        {channel.webhook && (
          <details className="group mt-4 border-t border-line pt-3">
            <summary className="flex cursor-pointer list-none items-center gap-1.5 rounded-md text-compact font-semibold text-ink-2 hover:text-ink">
              <ChevronDown
                className="size-4 -rotate-90 transition-transform duration-120 group-open:rotate-0 rtl:rotate-90 rtl:group-open:rotate-0"
                aria-hidden="true"
              />
              {t("channels.webhook")}
            </summary>
            <div className="mt-3">
              <WebhookHelp channel={channel} webhook={channel.webhook} />
            </div>
          </details>
        )}
      </div>
      {dialog === "rename" && <RenameDialog channel={channel} onClose={() => setDialog("none")} />}
      {dialog === "disconnect" && <DisconnectDialog channel={channel} onClose={() => setDialog("none")} />}
    </section>
  );
}
