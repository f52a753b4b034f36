import { Check, ChevronDown } from "lucide-react";
import { Select as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { inputStyles } from "./input";
import { pageNonce } from "./nonce";

export type SelectOption = { value: string; label: ReactNode; disabled?: boolean };

/** One of a short list. Values must not be empty strings. */
export function Select({
  options,
  value,
  onValueChange,
  placeholder,
  size,
  className,
  disabled,
  name,
  ...rest
}: {
  options: SelectOption[];
  value: string | undefined;
  onValueChange: (value: string) => void;
  placeholder?: string;
  size?: "sm" | "md";
  className?: string;
  disabled?: boolean;
  name?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
}) {
  return (
    <Primitive.Root value={value ?? ""} onValueChange={onValueChange} disabled={disabled} name={name}>
      <Primitive.Trigger
        className={cn(
          inputStyles({ size }),
          "flex items-center gap-2 text-start data-placeholder:text-ink-3",
          className,
        )}
        {...rest}
      >
        <span className="min-w-0 flex-1 truncate">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <ChevronDown className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-[10px] border border-line bg-raised p-1 shadow-2"
        >
          <Primitive.Viewport nonce={pageNonce()} className="max-h-80">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-compact outline-none data-disabled:opacity-50 data-highlighted:bg-sunken max-md:min-h-11"
              >
                <span className="min-w-0 flex-1">
                  <Primitive.ItemText>{option.label}</Primitive.ItemText>
                </span>
                <Primitive.ItemIndicator>
                  <Check className="size-4 text-brand" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
