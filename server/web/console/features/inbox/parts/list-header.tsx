import { ChevronDown } from "lucide-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { SearchInput } from "@/kit/input";
import { Menu, MenuChoice } from "@/kit/menu";
import type { ConversationCounts, ConversationView } from "@/shared/api/types";
import { useFormat } from "@/shared/format/use-format";

/** Title, search and the choice of view above the status tabs. */
export function ListHeader({
  counts,
  view,
  views,
  onView,
  search,
  onSearch,
  searchBox,
}: {
  counts: ConversationCounts | undefined;
  view: ConversationView;
  views: ConversationView[];
  onView: (view: ConversationView) => void;
  search: string;
  onSearch: (search: string) => void;
  searchBox: RefObject<HTMLDivElement | null>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = counts ? counts.open + counts.pending + counts.resolved : null;
  const countOf = (each: ConversationView) => (each === "all" ? total : counts?.[each]);
  return (
    <div className="px-3.5 pt-3.5">
      <div className="flex min-h-8 items-center gap-2">
        <h1 className="text-head font-bold tracking-[-0.015em]">{t("nav.inbox")}</h1>
        {total !== null && (
          <span className="tabular min-w-0 truncate text-small text-ink-3">
            {t("inbox.total", { count: total, n: format.counted(total) })}
          </span>
        )}
        {views.length > 1 && (
          <Menu
            align="end"
            trigger={
              <Button
                variant="ghost"
                size="sm"
                className="ms-auto"
                aria-label={t("inbox.view_now", { view: t(`inbox.view_${view}`) })}
              >
                {t(`inbox.view_${view}`)}
                <ChevronDown className="size-3.5" aria-hidden="true" />
              </Button>
            }
          >
            <MenuChoice
              label={t("inbox.view")}
              value={view}
              onValueChange={(next) => onView(views.find((each) => each === next) ?? view)}
              options={views.map((each) => {
                const count = countOf(each);
                return {
                  value: each,
                  label: (
                    <span className="flex gap-3">
                      <span className="flex-1">{t(`inbox.view_${each}`)}</span>
                      {count !== null && count !== undefined && (
                        <span className="tabular text-ink-3">{format.counted(count)}</span>
                      )}
                    </span>
                  ),
                };
              })}
            />
          </Menu>
        )}
      </div>
      <div ref={searchBox} className="mt-2">
        <SearchInput value={search} onValueChange={onSearch} label={t("inbox.search")} />
      </div>
    </div>
  );
}
