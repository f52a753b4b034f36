import { create } from "zustand";
import type { ThemeChoice } from "../api/types";
import { remember, remembered } from "../storage";

const CHOICES: ThemeChoice[] = ["light", "dark", "system"];
const system = () => window.matchMedia("(prefers-color-scheme: dark)");

function apply(choice: ThemeChoice): void {
  const dark = choice === "dark" || (choice === "system" && system().matches);
  document.documentElement.classList.toggle("dark", dark);
}

export const useTheme = create<{ choice: ThemeChoice }>(() => ({
  choice: CHOICES.find((choice) => choice === remembered("theme")) ?? "system",
}));

export function setTheme(choice: ThemeChoice): void {
  remember("theme", choice);
  apply(choice);
  useTheme.setState({ choice });
}

/** Applies the remembered choice and follows the system while that is the choice. */
export function startTheme(): void {
  apply(useTheme.getState().choice);
  system().addEventListener("change", () => apply(useTheme.getState().choice));
}
