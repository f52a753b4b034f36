import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useScope } from "@/shared/channels/channels";
import { setLanguage } from "@/shared/i18n/i18n";
import { pickLanguage } from "@/shared/i18n/languages";
import { setWaitingCount } from "@/shared/page/waiting";
import { useSession } from "@/shared/session/session";
import { startShortcuts, useShortcut } from "@/shared/shortcuts/shortcuts";
import { remember, remembered } from "@/shared/storage";
import { setTheme } from "@/shared/theme/theme";
import { useWaiting } from "../api";
import { Banners } from "../parts/banners";
import { Commands } from "../parts/commands";
import { PhoneBottom, PhoneTop } from "../parts/phone-bars";
import { Rail } from "../parts/rail";

/** The frame of the signed-in console: rail, banners, the page. Opens the live connection. */
export function ShellPage({ startLive }: { startLive: (client: QueryClient) => () => void }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const [folded, setFolded] = useState(() => remembered("rail") === "folded");
  // A conversation fills the phone's screen; its own header leads back.
  const deep = useRouterState({ select: (state) => /^\/app\/inbox\/./.test(state.location.pathname) });
  const fold = () => {
    setFolded(!folded);
    remember("rail", folded ? null : "folded");
  };
  useShortcut("[", { label: t("nav.fold"), group: t("shortcuts.everywhere") }, fold);
  const { channelId } = useScope();
  const waiting = useWaiting(channelId);
  useEffect(() => setWaitingCount(waiting), [waiting]);
  useEffect(() => startLive(client), [startLive, client]);
  useEffect(() => startShortcuts(), []);
  useEffect(() => {
    if (user.locale) void setLanguage(pickLanguage([user.locale]));
  }, [user.locale]);
  useEffect(() => setTheme(user.theme), [user.theme]);
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-60 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2 focus:font-semibold focus:shadow-2"
      >
        {t("nav.skip")}
      </a>
      <Rail folded={folded} onFold={fold} />
      {!deep && <PhoneTop />}
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Banners />
        <main id="main" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-hidden outline-none">
          <Outlet />
        </main>
      </div>
      {!deep && <PhoneBottom />}
      <Commands />
    </div>
  );
}
