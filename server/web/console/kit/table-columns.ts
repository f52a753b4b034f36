import type { CSSProperties, ReactNode } from "react";

export type Column<T> = {
  id: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  /** Smallest width in px; columns share what is left by `grow` (0 keeps the width). */
  width: number;
  grow?: number;
  align?: "start" | "end";
  /** Left out on phones. */
  wide?: boolean;
};

/** The columns' widths as grid templates: all of them on wide screens, the chosen few on phones. */
export function gridOf<T>(columns: Column<T>[], selectable: boolean): CSSProperties {
  const box = selectable ? ["44px"] : [];
  const track = (column: Column<T>, width: number) => `minmax(${width}px, ${column.grow ?? 1}fr)`;
  const wide = columns.map((column) => track(column, column.width));
  const narrow = columns
    .filter((column) => !column.wide)
    .map((column) => track(column, Math.min(column.width, 96)));
  return {
    "--wide": [...box, ...wide].join(" "),
    "--narrow": [...box, ...narrow].join(" "),
  } as CSSProperties;
}
