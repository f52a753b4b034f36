import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import { Kbd } from "@/kit/kbd";
import { PageHeader } from "@/kit/page-header";
import { openPalette } from "../palette/palette";
import { useTitle } from "./use-title";

export { useTitle };

/** The search field of page headers; opens the palette. */
export function PaletteButton() {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      onClick={openPalette}
      className="hidden h-8 w-56 items-center gap-2 rounded-lg border border-line bg-canvas px-2.5 text-compact text-ink-3 hover:bg-sunken lg:flex"
    >
      <Search className="size-4" aria-hidden="true" />
      <span className="min-w-0 flex-1 truncate text-start">{t("palette.open")}</span>
      <Kbd keys="mod+k" />
    </button>
  );
}

/** The frame of an ordinary page: header that stays, body that scrolls. */
export function Page({
  title,
  context,
  start,
  actions,
  flush,
  children,
}: {
  title: string;
  context?: ReactNode;
  start?: ReactNode;
  actions?: ReactNode;
  /** The body brings its own padding and scrolling (tables, panes). */
  flush?: boolean;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader title={title} context={context} start={start} tools={<PaletteButton />} actions={actions} />
      <div
        className={cn(
          "min-h-0 flex-1",
          flush ? "flex flex-col" : "scroll-thin overflow-y-auto p-5 max-md:p-4",
        )}
      >
        {children}
      </div>
    </div>
  );
}
