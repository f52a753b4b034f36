import {
  columnSizingFeature,
  functionalUpdate,
  type RowSelectionState,
  rowSelectionFeature,
  type ColumnDef as TableColumn,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "./checkbox";
import { cn } from "./cn";
import { Skeleton } from "./skeleton";
import { type Column, gridOf } from "./table-columns";
import { useRowKeys } from "./use-row-keys";

const features = tableFeatures({ rowSelectionFeature, columnSizingFeature });

/**
 * The only table of the console: virtual rows, sticky head, selection, arrows or j and k to move, Enter to
 * open, x to select (Shift+x for a range). Sorting and filtering belong to the server, so to the caller.
 */
export function DataTable<T extends object>({
  label,
  columns,
  rows,
  getRowId,
  onOpen,
  selected,
  onSelectedChange,
  onEnd,
  loading,
  loadingMore,
  empty,
  rowHeight = 44,
  className,
}: {
  label: string;
  columns: Column<T>[];
  rows: T[];
  getRowId: (row: T) => string;
  onOpen?: (row: T) => void;
  selected?: ReadonlySet<string>;
  onSelectedChange?: (ids: Set<string>) => void;
  onEnd?: () => void;
  loading?: boolean;
  loadingMore?: boolean;
  /** Shown instead of rows when there are none. */
  empty?: ReactNode;
  rowHeight?: number;
  className?: string;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [ownSelection, setOwnSelection] = useState<Set<string>>(new Set());
  const chosen = selected ?? ownSelection;
  const setChosen = onSelectedChange ?? setOwnSelection;
  const selectable = onSelectedChange !== undefined;

  const definitions = useMemo(
    () =>
      columns.map(
        (column): TableColumn<typeof features, T> => ({
          id: column.id,
          header: () => column.header,
          cell: ({ row }) => column.cell(row.original),
          size: column.width,
        }),
      ),
    [columns],
  );
  const rowSelection = useMemo(() => {
    const state: RowSelectionState = {};
    for (const id of chosen) state[id] = true;
    return state;
  }, [chosen]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: (row: T) => getRowId(row),
    state: { rowSelection },
    enableRowSelection: selectable,
    onRowSelectionChange: (updater) => {
      const next = functionalUpdate(updater, rowSelection);
      setChosen(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
  const model = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => model[index]?.id ?? index,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown[shown.length - 1]?.index ?? -1;
  useEffect(() => {
    if (model.length > 0 && last >= model.length - 8) onEnd?.();
  }, [last, model.length, onEnd]);

  const keys = useRowKeys({
    count: model.length,
    scrollTo: (index) => virtual.scrollToIndex(index),
    open: (index) => {
      const row = model[index];
      if (row) onOpen?.(row.original);
    },
    select: selectable
      ? (from, to) => {
          const ids = model.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id);
          const on = from !== to || !ids.every((id) => chosen.has(id));
          const next = new Set(chosen);
          for (const id of ids) on ? next.add(id) : next.delete(id);
          setChosen(next);
        }
      : undefined,
  });

  const layout = gridOf(columns, selectable);
  const cellClass = (id: string) => {
    const column = columns.find((each) => each.id === id);
    return cn(
      "flex min-w-0 items-center px-3",
      column?.align === "end" && "justify-end text-end",
      column?.wide && "max-md:hidden",
    );
  };
  const grid = "grid [grid-template-columns:var(--narrow)] md:[grid-template-columns:var(--wide)]";

  if (!loading && rows.length === 0 && empty) return <div className={className}>{empty}</div>;
  return (
    <div
      ref={scroller}
      className={cn("scroll-thin min-h-0 overflow-auto bg-surface", className)}
      style={layout}
    >
      <table
        aria-label={label}
        aria-rowcount={loading ? undefined : rows.length + 1}
        aria-busy={loading || undefined}
        className="block w-full min-w-fit text-compact"
      >
        <thead className="sticky top-0 z-10 block border-b border-line bg-surface text-small text-ink-3">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1} className={cn(grid, "h-10")}>
              {selectable && (
                <td className="grid place-items-center">
                  <Checkbox
                    aria-label={t("kit.select_all")}
                    checked={
                      table.getIsAllRowsSelected() && rows.length > 0
                        ? true
                        : chosen.size > 0
                          ? "indeterminate"
                          : false
                    }
                    onCheckedChange={(value) => table.toggleAllRowsSelected(value === true)}
                  />
                </td>
              )}
              {group.headers.map((header) => (
                <th key={header.id} scope="col" className={cn(cellClass(header.column.id), "font-medium")}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody
          className="relative block"
          style={{ height: loading ? undefined : virtual.getTotalSize() }}
          onKeyDown={keys.onKeyDown}
        >
          {loading
            ? Array.from({ length: 10 }, (_, index) => `skeleton-${index}`).map((key) => (
                <tr key={key} className={cn(grid, "border-b border-line")} style={{ height: rowHeight }}>
                  {selectable && <td />}
                  {columns.map((column) => (
                    <td key={column.id} className={cellClass(column.id)}>
                      <Skeleton className="h-3.5 w-3/4" />
                    </td>
                  ))}
                </tr>
              ))
            : shown.map((item) => {
                const row = model[item.index];
                if (!row) return null;
                const isChosen = chosen.has(row.id);
                return (
                  <tr
                    key={row.id}
                    aria-rowindex={item.index + 2}
                    aria-selected={selectable ? isChosen : undefined}
                    {...keys.rowProps(item.index)}
                    onClick={onOpen ? () => onOpen(row.original) : undefined}
                    className={cn(
                      grid,
                      "absolute inset-x-0 top-0 border-b border-line -outline-offset-2 hover:bg-sunken",
                      onOpen && "cursor-pointer",
                      isChosen && "bg-brand-tint",
                    )}
                    style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
                  >
                    {selectable && (
                      // biome-ignore lint/a11y/useKeyWithClickEvents: the box inside takes the keys.
                      <td className="grid place-items-center" onClick={(event) => event.stopPropagation()}>
                        <Checkbox
                          aria-label={t("kit.select_row")}
                          checked={isChosen}
                          tabIndex={-1}
                          onCheckedChange={(value) => row.toggleSelected(value === true)}
                        />
                      </td>
                    )}
                    {row.getAllCells().map((cell) => (
                      <td key={cell.id} className={cellClass(cell.column.id)}>
                        <table.FlexRender cell={cell} />
                      </td>
                    ))}
                  </tr>
                );
              })}
        </tbody>
      </table>
      {loadingMore && (
        <p role="status" className="p-3 text-center text-small text-ink-3">
          {t("kit.loading_more")}
        </p>
      )}
    </div>
  );
}
