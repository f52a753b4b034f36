import { Check, Minus } from "lucide-react";
import { Checkbox as Primitive, Switch as SwitchPrimitive } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";

export function Checkbox({ className, ...rest }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        "grid size-4.5 shrink-0 place-items-center rounded-[5px] border border-line-strong bg-raised text-brand-ink data-[state=checked]:border-brand data-[state=checked]:bg-brand data-[state=indeterminate]:border-brand data-[state=indeterminate]:bg-brand",
        className,
      )}
      {...rest}
    >
      <Primitive.Indicator>
        {rest.checked === "indeterminate" ? (
          <Minus className="size-3.5" />
        ) : (
          <Check className="size-3.5" strokeWidth={3} />
        )}
      </Primitive.Indicator>
    </Primitive.Root>
  );
}

/** A checkbox with its text; the text is part of the target. */
export function CheckboxField({
  label,
  help,
  ...rest
}: Omit<ComponentProps<typeof Primitive.Root>, "id"> & { label: ReactNode; help?: ReactNode }) {
  const id = useId();
  return (
    <div className="flex min-h-6 items-start gap-2.5">
      <Checkbox id={id} className="mt-px" aria-describedby={help ? `${id}help` : undefined} {...rest} />
      <div>
        <label htmlFor={id} className="block">
          {label}
        </label>
        {help && (
          <p id={`${id}help`} className="text-small text-ink-3">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}

/** Something that is on or off at once, without a save button. */
export function Switch({ className, ...rest }: ComponentProps<typeof SwitchPrimitive.Root>) {
  return (
    <SwitchPrimitive.Root
      className={cn(
        "inline-flex h-6 w-10 shrink-0 items-center rounded-full bg-line-strong p-0.5 transition-colors duration-120 data-[state=checked]:bg-brand",
        className,
      )}
      {...rest}
    >
      <SwitchPrimitive.Thumb className="size-5 rounded-full bg-surface shadow-1 transition-transform duration-120 data-[state=checked]:translate-x-4 rtl:data-[state=checked]:-translate-x-4" />
    </SwitchPrimitive.Root>
  );
}
