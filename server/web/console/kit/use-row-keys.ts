import { type KeyboardEvent, useState } from "react";

const inText = (target: EventTarget) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Moves through the rows of a list by keyboard: arrows or j and k, Home, End, Enter to open, x to select and
 * Shift+x for the range from the last selected. One row at a time is in the order of focus.
 */
export function useRowKeys({
  count,
  scrollTo,
  open,
  select,
}: {
  count: number;
  scrollTo: (index: number) => void;
  open?: (index: number) => void;
  select?: (from: number, to: number) => void;
}) {
  const [active, setActive] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const current = Math.min(active, Math.max(0, count - 1));

  const moveTo = (index: number, from: HTMLElement) => {
    const next = Math.max(0, Math.min(count - 1, index));
    setActive(next);
    scrollTo(next);
    // The row may enter the page with the next paint only.
    requestAnimationFrame(() => from.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (inText(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
    const rowFocused = event.target instanceof HTMLElement && event.target.dataset.row !== undefined;
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      j: current + 1,
      ArrowUp: current - 1,
      k: current - 1,
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) moveTo(to, event.currentTarget);
    else if (event.key === "Enter" && rowFocused && open) open(current);
    else if (event.key.toLowerCase() === "x" && event.shiftKey && select) select(anchor, current);
    else if (event.key === "x" && select) {
      select(current, current);
      setAnchor(current);
    } else return;
    event.preventDefault();
  };

  return {
    current,
    onKeyDown,
    rowProps: (index: number) => ({
      "data-row": index,
      tabIndex: index === current ? 0 : -1,
      onFocus: () => setActive(index),
    }),
  };
}
