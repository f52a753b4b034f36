import { cn } from "./cn";

const isMac = () => /mac|iphone|ipad/i.test(navigator.platform);

/** Keys as people see them: "mod" is ⌘ on Apple machines and Ctrl elsewhere. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cn("inline-flex gap-1", className)} dir="ltr">
      {keys.split(" ").map((part, index) => (
        <kbd
          key={`${part}${index.toString()}`}
          className="rounded-[5px] border border-line bg-raised px-1.5 font-sans text-micro font-semibold text-ink-2"
        >
          {part
            .replace("mod+", isMac() ? "⌘" : "Ctrl ")
            .replace("shift+", "⇧")
            .replace(/[a-z]$/, (key) => (part.length === 1 || part.includes("+") ? key.toUpperCase() : key))}
        </kbd>
      ))}
    </span>
  );
}
