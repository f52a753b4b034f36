import { create } from "zustand";

/** How many conversations wait, for the browser's title. The shell writes it. */
export const useWaitingCount = create<{ count: number }>(() => ({ count: 0 }));
export const setWaitingCount = (count: number): void => useWaitingCount.setState({ count });
