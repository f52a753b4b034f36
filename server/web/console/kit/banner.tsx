import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const look = { info: "bg-info-tint text-info", warn: "bg-warn-tint text-warn", bad: "bg-bad-tint text-bad" };
const icon = { info: Info, warn: CircleAlert, bad: TriangleAlert };

/** One line above the header, or inside a page, about something that lasts. */
export function Banner({
  tone = "info",
  action,
  className,
  children,
}: {
  tone?: "info" | "warn" | "bad";
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const Icon = icon[tone];
  return (
    <div
      role="status"
      className={cn("flex items-center gap-2.5 px-5 py-2 font-medium", look[tone], className)}
    >
      <Icon className="size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
