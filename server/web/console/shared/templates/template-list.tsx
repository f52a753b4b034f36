import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Chip } from "@/kit/chip";
import { cn } from "@/kit/cn";
import { EmptyState } from "@/kit/empty-state";
import { ErrorState } from "@/kit/error-state";
import { SearchInput } from "@/kit/input";
import { ListSkeleton } from "@/kit/skeleton";
import { pages, rowsOf } from "../api/queries";
import type { Template } from "../api/types-outreach";
import { useErrorText } from "../api/use-error-text";
import { bodyOf } from "./template";

/** Approved templates with search; exactly one can be chosen. */
export function TemplateList({
  channelId,
  chosen,
  onChoose,
  className,
}: {
  channelId: string | null;
  chosen: string | null;
  onChoose: (template: Template) => void;
  className?: string;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [search, setSearch] = useState("");
  const query = useInfiniteQuery(
    pages<Template>("/templates", {
      status: "approved",
      channel_id: channelId,
      search: useDeferredValue(search),
      limit: 100,
    }),
  );
  const templates = rowsOf(query.data);
  return (
    <div className={cn("flex min-h-0 flex-col gap-3", className)}>
      <SearchInput value={search} onValueChange={setSearch} label={t("inbox.template_search")} />
      {query.isPending && <ListSkeleton count={4} height={64} label={t("kit.loading")} />}
      {query.isError && (
        <ErrorState
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      )}
      {query.isSuccess && templates.length === 0 && (
        <EmptyState
          className="py-6"
          title={search ? t("inbox.template_none_found") : t("inbox.template_none")}
          text={search ? undefined : t("inbox.template_none_text")}
        />
      )}
      <div
        role="radiogroup"
        aria-label={t("inbox.template_choose")}
        className="scroll-thin min-h-0 flex-1 space-y-1.5 overflow-y-auto p-0.5"
      >
        {templates.map((template) => (
          <Choice
            key={template.id}
            template={template}
            checked={template.id === chosen}
            onChoose={() => onChoose(template)}
          />
        ))}
        {query.hasNextPage && (
          <button
            type="button"
            onClick={() => void query.fetchNextPage()}
            className="w-full rounded-lg py-2 text-compact font-semibold text-brand hover:bg-sunken"
          >
            {t("inbox.more")}
          </button>
        )}
      </div>
    </div>
  );
}

function Choice({
  template,
  checked,
  onChoose,
}: {
  template: Template;
  checked: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <label
      className={cn(
        "block cursor-pointer rounded-[10px] border border-line bg-surface p-3 hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-brand",
        checked && "border-brand bg-brand-tint hover:bg-brand-tint",
      )}
    >
      <input type="radio" name="template" className="sr-only" checked={checked} onChange={onChoose} />
      <span className="flex items-center gap-2">
        <bdi className="min-w-0 flex-1 truncate font-semibold">{template.name}</bdi>
        <Chip>{t(`inbox.category_${template.category}`)}</Chip>
        <Chip tone="outline">
          <bdi>{template.language}</bdi>
        </Chip>
      </span>
      <span dir="auto" className="mt-1 line-clamp-2 text-small text-ink-2">
        {bodyOf(template)}
      </span>
    </label>
  );
}
