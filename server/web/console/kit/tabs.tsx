import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type Tab = { value: string; label: ReactNode; count?: ReactNode };

/** Tabs with a line under the chosen one. Give `children` as TabPanel, or leave out when the page below is the panel. */
export function Tabs({
  tabs,
  value,
  onValueChange,
  label,
  className,
  children,
}: {
  tabs: Tab[];
  value: string;
  onValueChange: (value: string) => void;
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Primitive.Root
      value={value}
      onValueChange={onValueChange}
      className={cn("flex min-h-0 flex-col", className)}
    >
      <Primitive.List aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px inline-flex items-center gap-1 whitespace-nowrap border-b-2 border-transparent py-2 text-compact font-medium text-ink-2 hover:text-ink data-[state=active]:border-brand data-[state=active]:font-semibold data-[state=active]:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && <span className="tabular font-normal text-ink-3">{tab.count}</span>}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {children}
    </Primitive.Root>
  );
}

export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Primitive.Content value={value} className={cn("min-h-0 flex-1 outline-offset-0", className)}>
      {children}
    </Primitive.Content>
  );
}
