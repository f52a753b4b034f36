import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { DataTable } from "@/kit/data-table";
import { EmptyState } from "@/kit/empty-state";
import { ErrorState } from "@/kit/error-state";
import { ForbiddenState } from "@/kit/forbidden-state";
import { SearchInput } from "@/kit/input";
import { Select } from "@/kit/select";
import type { Campaign } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/format/use-now";
import { Page } from "@/shared/page/page";
import { usePaletteActions } from "@/shared/palette/palette";
import { useCan } from "@/shared/permissions/use-can";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { useSearchText } from "@/shared/use-search-text";
import { useCampaigns } from "../api";
import { campaignColumns } from "../parts/campaign-columns";

type Search = { status?: string; search?: string };
const ALL = "all";
const STATUSES = ["draft", "scheduled", "preparing", "sending", "paused", "completed", "failed", "cancelled"];

/** Every campaign with where it stands. */
export function CampaignsPage() {
  const { t } = useTranslation();
  return useCan("campaigns.view") ? <Campaigns /> : <ForbiddenState area={t("nav.campaigns")} />;
}

function Campaigns() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const mayEdit = useCan("campaigns.edit");
  const address: Search = useSearch({ strict: false });
  const searchBox = useRef<HTMLDivElement>(null);
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
  const query = useCampaigns({ status: address.status, search: address.search });
  const columns = useMemo(() => campaignColumns(t, format, now), [t, format, now]);
  const create = () => void navigate({ to: "/app/campaigns/new" });
  const open = (row: Campaign) =>
    void (row.status === "draft" && mayEdit
      ? navigate({ to: "/app/campaigns/new", search: { draft: row.id } })
      : navigate({ to: "/app/campaigns/$id", params: { id: row.id } }));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const group = t("nav.campaigns");
  useShortcut("n", { label: t("campaigns.new_title"), group, enabled: mayEdit }, create);
  useShortcut("/", { label: t("campaigns.search"), group }, () =>
    searchBox.current?.querySelector("input")?.focus(),
  );
  usePaletteActions(
    mayEdit ? [{ id: "campaign-new", group, label: t("campaigns.new_title"), run: create }] : [],
  );

  const newButton = mayEdit ? (
    <Button asChild variant="primary">
      <Link to="/app/campaigns/new">
        <Plus className="size-4" aria-hidden="true" />
        {t("campaigns.new_title")}
      </Link>
    </Button>
  ) : (
    <Button variant="primary" reason={t("campaigns.may_not_edit")}>
      <Plus className="size-4" aria-hidden="true" />
      {t("campaigns.new_title")}
    </Button>
  );
  const body = () => {
    if (query.isError && query.rows.length === 0)
      return (
        <ErrorState
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      );
    if (query.isSuccess && query.rows.length === 0)
      return address.status || address.search ? (
        <EmptyState
          art="none"
          title={t("campaigns.nothing_found")}
          action={
            <Button
              onClick={() => {
                setSearch("");
                setAddress({ search: undefined, status: undefined });
              }}
            >
              {t("campaigns.clear_filters")}
            </Button>
          }
        />
      ) : (
        <EmptyState title={t("campaigns.empty")} text={t("campaigns.empty_text")} action={newButton} />
      );
    return (
      <DataTable
        label={t("nav.campaigns")}
        columns={columns}
        rows={query.rows}
        getRowId={(row) => row.id}
        onOpen={open}
        onEnd={more}
        loading={query.isPending}
        loadingMore={isFetchingNextPage}
        rowHeight={60}
        className="min-h-0 flex-1"
      />
    );
  };
  return (
    <Page title={t("nav.campaigns")} flush actions={newButton}>
      <div className="flex flex-wrap gap-2 border-b border-line bg-surface px-5 py-2 max-md:px-4">
        <div ref={searchBox} className="min-w-48 max-w-96 flex-1">
          <SearchInput value={search} onValueChange={setSearch} label={t("campaigns.search")} />
        </div>
        <Select
          aria-label={t("campaigns.state")}
          value={address.status ?? ALL}
          onValueChange={(status) => setAddress({ status: status === ALL ? undefined : status })}
          className="w-44"
          options={[
            { value: ALL, label: t("campaigns.all_states") },
            ...STATUSES.map((status) => ({ value: status, label: t(`campaigns.state_${status}`) })),
          ]}
        />
      </div>
      {body()}
    </Page>
  );
}
