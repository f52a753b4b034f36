import { Check, Copy } from "lucide-react";
import { type ComponentProps, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";
import { cn } from "./cn";
import { inputStyles } from "./input";

/** Copies `value`; the icon becomes a tick for two seconds and the result is read out. */
export function CopyButton({
  value,
  label,
  className,
}: {
  value: string;
  label: string;
  className?: string;
}) {
  const { t } = useTranslation();
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = window.setTimeout(() => setState("idle"), 2000);
    return () => window.clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  return (
    <>
      <IconButton label={label} size="icon-sm" className={className} onClick={() => void copy()}>
        {state === "copied" ? <Check className="size-4 text-ok" /> : <Copy className="size-4" />}
      </IconButton>
      <span role="status" className="sr-only">
        {state === "copied" && t("kit.copied")}
        {state === "refused" && t("kit.copy_refused")}
      </span>
    </>
  );
}

/** A value to take elsewhere: shown whole, selectable, with a copy button. */
export function CopyField({
  label,
  value,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "size"> & { label: string; value: string }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={cn("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="text-compact font-semibold">
        {label}
      </label>
      <span className="relative block" dir="ltr">
        <input
          id={id}
          readOnly
          value={value}
          onFocus={(event) => event.target.select()}
          className={cn(inputStyles(), "pe-11 font-mono text-small")}
          {...rest}
        />
        <CopyButton
          value={value}
          label={t("kit.copy_named", { name: label })}
          className="absolute inset-y-0 end-1 my-auto"
        />
      </span>
    </div>
  );
}
