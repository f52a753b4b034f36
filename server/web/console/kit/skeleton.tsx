import { cn } from "./cn";

/** The shape of something that is loading. Appears after 150 ms only. Put it in the place of the content. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("appear-late block rounded-md bg-line/70", className)} />;
}

const rows = (count: number) => Array.from({ length: count }, (_, index) => `row-${index}`);

/** Rows of a list: picture, two lines of text. */
export function ListSkeleton({
  count = 8,
  label,
  height = 76,
}: {
  count?: number;
  label: string;
  height?: number;
}) {
  return (
    <div role="status" aria-label={label}>
      {rows(count).map((key) => (
        <div key={key} className="flex items-center gap-3 border-b border-line px-4" style={{ height }}>
          <Skeleton className="size-10 rounded-full" />
          <div className="flex-1 space-y-2">
            <Skeleton className="h-3.5 w-2/5" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** Cards, as on pages that show few larger things. */
export function CardSkeleton({
  count = 3,
  label,
  className,
}: {
  count?: number;
  label: string;
  className?: string;
}) {
  return (
    <div role="status" aria-label={label} className={cn("grid gap-4", className)}>
      {rows(count).map((key) => (
        <div key={key} className="space-y-3 rounded-2xl border border-line bg-surface p-5">
          <Skeleton className="h-4 w-1/3" />
          <Skeleton className="h-3.5 w-2/3" />
          <Skeleton className="h-3.5 w-1/2" />
        </div>
      ))}
    </div>
  );
}
