import { type ReactNode, useEffect, useRef } from "react";
import { create } from "zustand";

export type PaletteAction = {
  id: string;
  group: string;
  label: string;
  icon?: ReactNode;
  keywords?: string;
  run: () => void;
};

type Store = { open: boolean; actions: PaletteAction[]; sheet: boolean };
export const usePalette = create<Store>(() => ({ open: false, actions: [], sheet: false }));
export const openPalette = (): void => usePalette.setState({ open: true });
export const openSheet = (): void => usePalette.setState({ sheet: true });

/** Offers actions of the present page in the palette, as long as the page is shown. */
export function usePaletteActions(actions: PaletteAction[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  const signature = actions.map((action) => `${action.id}:${action.label}`).join("|");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the actions, whose functions change at each render.
  useEffect(() => {
    const mine = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find((other) => other.id === action.id)?.run(),
    }));
    usePalette.setState((old) => ({ actions: [...old.actions, ...mine] }));
    return () =>
      usePalette.setState((old) => ({ actions: old.actions.filter((action) => !mine.includes(action)) }));
  }, [signature]);
}
