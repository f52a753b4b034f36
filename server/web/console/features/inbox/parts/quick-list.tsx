import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import type { QuickReply } from "@/shared/api/types";

/** Quick replies that fit what follows the slash. The keys stay in the text field. */
export function QuickList({
  replies,
  active,
  onChoose,
}: {
  replies: QuickReply[];
  active: number;
  onChoose: (index: number) => void;
}) {
  const { t } = useTranslation();
  return (
    <div
      id="quick-replies"
      role="listbox"
      aria-label={t("inbox.quick_replies")}
      className="absolute inset-x-2 bottom-full z-20 mb-2 max-h-72 overflow-y-auto rounded-[10px] border border-line bg-raised p-1 shadow-2"
    >
      {replies.map((reply, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field holds the keys and names the active option.
        <div
          key={reply.id}
          id={`quick-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
          className={cn(
            "cursor-pointer rounded-md px-2.5 py-1.5 max-md:py-2.5",
            index === active && "bg-sunken",
          )}
        >
          <p className="flex items-baseline gap-2">
            <span className="font-mono text-small text-brand" dir="ltr">
              /{reply.shortcut}
            </span>
            <span dir="auto" className="truncate font-semibold">
              {reply.title}
            </span>
          </p>
          <p dir="auto" className="truncate text-small text-ink-2">
            {reply.text}
          </p>
        </div>
      ))}
    </div>
  );
}
