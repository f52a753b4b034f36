import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { cn } from "./cn";

export type VirtualListHandle = Pick<
  Virtualizer<HTMLDivElement, Element>,
  "scrollToIndex" | "scrollToEnd" | "isAtEnd"
>;

/**
 * A long list of which only the visible part is in the page. With `anchor="end"` it behaves like a chat:
 * it opens at the newest, stays there when something is appended, and does not move when older items
 * arrive before the first. `onStart` and `onEnd` ask for more, once each time the edge comes near.
 */
export function VirtualList<T>({
  items,
  getKey,
  estimate,
  renderItem,
  anchor = "start",
  onStart,
  onEnd,
  label,
  role = "list",
  className,
  gap,
  padding = 0,
  ref,
  onKeyDown,
  onAtEndChange,
}: {
  items: readonly T[];
  getKey: (item: T) => string;
  /** Expected height in px; rows are measured afterwards. */
  estimate: (item: T) => number;
  renderItem: (item: T, index: number) => ReactNode;
  anchor?: "start" | "end";
  onStart?: () => void;
  onEnd?: () => void;
  label: string;
  role?: "list" | "log" | "listbox";
  className?: string;
  gap?: number;
  padding?: number;
  ref?: Ref<VirtualListHandle>;
  onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void;
  onAtEndChange?: (atEnd: boolean) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : getKey(item);
    },
    estimateSize: (index) => {
      const item = items[index];
      return item === undefined ? 0 : estimate(item);
    },
    overscan: 8,
    gap,
    paddingStart: padding,
    paddingEnd: padding,
    anchorTo: anchor,
    followOnAppend: anchor === "end",
    onChange: (instance) => onAtEndChange?.(instance.isAtEnd(80)),
  });
  useImperativeHandle(ref, () => virtual, [virtual]);

  const filled = items.length > 0;
  useEffect(() => {
    if (anchor === "end" && filled) virtual.scrollToEnd();
  }, [anchor, filled, virtual]);

  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown[shown.length - 1]?.index ?? -1;
  useEffect(() => {
    if (items.length > 0 && first === 0) onStart?.();
  }, [first, items.length, onStart]);
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 5) onEnd?.();
  }, [last, items.length, onEnd]);

  const itemRole = role === "list" ? "listitem" : undefined;
  const frame = { role, "aria-label": label, onKeyDown };
  return (
    <div
      ref={scroller}
      className={cn("scroll-thin overflow-y-auto overscroll-contain", className)}
      tabIndex={role === "log" ? 0 : -1}
    >
      <div {...frame} className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {shown.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              role={itemRole}
              {...(itemRole ? { "aria-setsize": items.length, "aria-posinset": row.index + 1 } : {})}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {renderItem(item, row.index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
