import { cn } from "@/kit/cn";
import { remembered } from "@/shared/storage";

/** The shape of the console while the session is being asked for. In the entry script, so with nothing of the kit but `cn`. */
export function ShellSkeleton() {
  return (
    <div className="appear-late flex h-full" aria-busy="true">
      <div className={cn("w-52 bg-rail max-md:hidden", remembered("rail") === "folded" && "w-15")} />
      <div className="flex-1">
        <div className="h-14 border-b border-line bg-surface" />
      </div>
    </div>
  );
}
