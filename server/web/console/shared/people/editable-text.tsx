import { useEffect, useRef, useState } from "react";
import { cn } from "@/kit/cn";
import { Input } from "@/kit/input";

/** A value that is changed where it stands: press, write, Enter or leave. Escape takes it back. */
export function EditableText({
  value,
  label,
  empty,
  onSave,
  readOnly,
  className,
  dir = "auto",
  type = "text",
}: {
  value: string;
  /** What the value is, for those who cannot see where it stands. */
  label: string;
  /** Shown in place of nothing. */
  empty: string;
  onSave: (value: string) => void;
  readOnly?: boolean;
  className?: string;
  dir?: "auto" | "ltr";
  type?: "text" | "email";
}) {
  const [text, setText] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const returns = useRef(false);
  useEffect(() => {
    if (text !== null || !returns.current) return;
    returns.current = false;
    button.current?.focus();
  }, [text]);
  if (readOnly)
    return (
      <bdi
        dir={dir}
        className={cn("block w-fit max-w-full truncate", value === "" && "text-ink-3", className)}
      >
        {value || empty}
      </bdi>
    );
  const leave = (save: boolean) => {
    if (text !== null && save && text.trim() !== value) onSave(text.trim());
    setText(null);
  };
  if (text === null)
    return (
      <button
        ref={button}
        type="button"
        // On the element that is cut off: so the end of the value is cut, in both directions of the page.
        dir={dir}
        aria-label={`${label}: ${value || empty}`}
        onClick={() => setText(value)}
        className={cn(
          "-mx-1.5 block max-w-full truncate rounded-md px-1.5 py-0.5 text-start hover:bg-sunken max-md:py-2",
          value === "" && "text-ink-3",
          className,
        )}
      >
        {value || empty}
      </button>
    );
  return (
    <Input
      size="sm"
      type={type}
      dir={dir}
      // The person has just asked to write here.
      ref={(node) => {
        if (node && document.activeElement !== node) node.focus();
      }}
      aria-label={label}
      value={text}
      className="text-start"
      onChange={(event) => setText(event.target.value)}
      onBlur={() => leave(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        returns.current = true;
        leave(event.key === "Enter");
      }}
    />
  );
}
