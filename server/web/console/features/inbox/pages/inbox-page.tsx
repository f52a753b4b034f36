import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { cn } from "@/kit/cn";
import { Drawer } from "@/kit/dialog";
import { EmptyState } from "@/kit/empty-state";
import { ForbiddenState } from "@/kit/forbidden-state";
import { TabPanel, Tabs } from "@/kit/tabs";
import type { ConversationStatus, ConversationView } from "@/shared/api/types";
import { useChannels, useScope } from "@/shared/channels/channels";
import { useFormat } from "@/shared/format/use-format";
import { useTitle } from "@/shared/page/page";
import { useCan, useCanAny } from "@/shared/permissions/use-can";
import { useSession } from "@/shared/session/session";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { remember, remembered } from "@/shared/storage";
import { useSearchText } from "@/shared/use-search-text";
import { useConversation, useConversationCounts } from "../api";
import { viewsFor } from "../model";
import { openOutbox } from "../outbox";
import { ContactPanel } from "../parts/contact-panel";
import { ListHeader } from "../parts/list-header";
import { ConversationList } from "../parts/list-pane";
import { NothingOpen, ThreadPane } from "../parts/thread-pane";
import { useWide } from "../use-wide";

const STATUSES: ConversationStatus[] = ["open", "pending", "resolved"];
type Search = { status?: ConversationStatus; view?: ConversationView; search?: string };

/** List, thread and contact beside one another; on phones one after another. */
export function InboxPage() {
  const { t } = useTranslation();
  const may = useCanAny(["inbox.view_all", "inbox.view_assigned"]);
  const channels = useChannels();
  const manages = useCan("channels.manage");
  if (!may) return <ForbiddenState area={t("nav.inbox")} />;
  if (channels.data?.length === 0)
    return (
      <EmptyState
        className="mt-16"
        title={t("inbox.no_channel")}
        text={manages ? t("inbox.no_channel_text") : t("inbox.no_channel_member")}
        action={
          manages && (
            <Button asChild variant="primary">
              <Link to="/app/channels/connect">{t("channels.connect")}</Link>
            </Button>
          )
        }
      />
    );
  return <Inbox />;
}

function Inbox() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { user } = useSession();
  const seesAll = useCan("inbox.view_all");
  const views = viewsFor(seesAll);
  const params: { id?: string } = useParams({ strict: false });
  const address: Search = useSearch({ strict: false });
  const { channelId } = useScope();
  const id = params.id ?? null;
  const status = address.status ?? "open";
  const view = address.view && views.includes(address.view) ? address.view : (views[0] ?? "mine");
  const counts = useConversationCounts(channelId);
  const shown = useRef<string[]>([]);
  const searchBox = useRef<HTMLDivElement>(null);
  const wide = useWide("(min-width: 1280px)");
  const [panel, setPanel] = useState(() => remembered("inbox.panel") !== "closed");
  const [drawer, setDrawer] = useState(false);

  useEffect(() => openOutbox(client, user.id), [client, user.id]);
  useTitle(t("nav.inbox"));

  const setAddress = useCallback(
    (change: Search) =>
      void navigate({
        to: ".",
        search: (old: Record<string, unknown>) => ({ ...old, ...change }),
        replace: true,
      }),
    [navigate],
  );
  const [search, setSearch] = useSearchText(address.search ?? "", (text) =>
    setAddress({ search: text || undefined }),
  );
  const open = (next: string | null) =>
    void navigate(
      next === null
        ? { to: "/app/inbox", search: (old: Record<string, unknown>) => old }
        : { to: "/app/inbox/$id", params: { id: next }, search: (old: Record<string, unknown>) => old },
    );
  const step = (by: number) => {
    const at = id ? shown.current.indexOf(id) : -1;
    const next = shown.current[at < 0 ? 0 : at + by];
    if (next) open(next);
  };
  const togglePanel = () => {
    if (!wide) {
      setDrawer(!drawer);
      return;
    }
    setPanel(!panel);
    remember("inbox.panel", panel ? "closed" : null);
  };
  const group = t("nav.inbox");
  useShortcut("j", { label: t("inbox.key_next"), group }, () => step(1));
  useShortcut("k", { label: t("inbox.key_previous"), group }, () => step(-1));
  useShortcut("escape", { label: t("inbox.back_to_list"), group, enabled: id !== null }, () => open(null));
  useShortcut("/", { label: t("inbox.search"), group }, () =>
    searchBox.current?.querySelector("input")?.focus(),
  );

  const filtered = search !== "" || status !== "open" || view !== views[0];
  return (
    <div
      className={cn(
        "grid h-full min-h-0 grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[316px_minmax(0,1fr)]",
        panel && id && "xl:grid-cols-[316px_minmax(0,1fr)_272px]",
      )}
    >
      <section
        aria-label={t("inbox.conversations")}
        className={cn(
          "min-h-0 min-w-0 flex-col border-e border-line bg-surface",
          id ? "hidden md:flex" : "flex",
        )}
      >
        <ListHeader
          counts={counts}
          view={view}
          views={views}
          onView={(next) => setAddress({ view: next === views[0] ? undefined : next })}
          search={search}
          onSearch={setSearch}
          searchBox={searchBox}
        />
        <Tabs
          label={t("inbox.status")}
          value={status}
          onValueChange={(next) => {
            const found = STATUSES.find((each) => each === next);
            setAddress({ status: found === "open" ? undefined : found });
          }}
          tabs={STATUSES.map((each) => ({
            value: each,
            label: t(`inbox.tab_${each}`),
            count: counts && each !== "resolved" ? format.counted(counts[each]) : undefined,
          }))}
          className="min-h-0 flex-1 [&>[role=tablist]]:mt-1.5 [&>[role=tablist]]:px-3.5"
        >
          <TabPanel value={status} className="flex flex-col">
            <ConversationList
              key={`${status} ${view} ${channelId}`}
              filter={{ status, view, channel_id: channelId, search: search || undefined }}
              openId={id}
              onOpen={open}
              onRows={(ids) => {
                shown.current = ids;
              }}
              onClear={filtered && search !== "" ? () => setSearch("") : null}
            />
          </TabPanel>
        </Tabs>
      </section>
      <section
        aria-label={t("inbox.conversation")}
        className={cn("min-h-0 min-w-0 flex-col bg-canvas", id ? "flex" : "hidden md:flex")}
      >
        {id ? (
          <ThreadPane
            id={id}
            panelOpen={wide ? panel : drawer}
            onPanel={togglePanel}
            onBack={() => open(null)}
            onNext={() => step(1)}
          />
        ) : (
          <NothingOpen />
        )}
      </section>
      {id && wide && panel && (
        <aside
          aria-label={t("inbox.contact_panel")}
          className="scroll-thin min-h-0 overflow-y-auto border-s border-line bg-surface p-5"
        >
          <Panel id={id} />
        </aside>
      )}
      {id && (
        <Drawer open={drawer && !wide} onOpenChange={setDrawer} title={t("inbox.contact_panel")}>
          <Panel id={id} />
        </Drawer>
      )}
    </div>
  );
}

function Panel({ id }: { id: string }) {
  const { data } = useConversation(id);
  return data ? <ContactPanel key={data.contact.id} conversation={data} /> : null;
}
