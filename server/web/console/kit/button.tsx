import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

export const buttonStyles = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-lg text-compact font-semibold transition-colors duration-120 disabled:pointer-events-none disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-brand text-brand-ink shadow-1 hover:bg-brand-hover",
        secondary: "border border-line bg-raised text-ink shadow-1 hover:bg-sunken",
        ghost: "text-ink-2 hover:bg-sunken hover:text-ink",
        soft: "bg-brand-tint text-brand hover:bg-brand-tint-2",
        danger: "bg-bad text-surface shadow-1 hover:opacity-90",
        "danger-quiet": "text-bad hover:bg-bad-tint",
        link: "h-auto! rounded-sm px-0! text-brand underline-offset-3 hover:underline",
      },
      size: {
        sm: "h-8 px-2.5",
        md: "h-9 px-3.5 max-md:h-11",
        lg: "h-11 px-5 text-body",
        icon: "size-9 max-md:size-11",
        "icon-sm": "size-8",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonStyles> & {
    /** Give the look to the child element instead (a link). */
    asChild?: boolean;
    /** Shows progress and refuses clicks; the button keeps its place and its focus. */
    busy?: boolean;
    /** Why the action is not possible now. The button stays focusable and says so. */
    reason?: string | null;
  };

export function Button({
  className,
  variant,
  size,
  asChild,
  busy,
  reason,
  onClick,
  children,
  type,
  ...rest
}: ButtonProps) {
  const Component = asChild ? Slot.Root : "button";
  const blocked = busy || Boolean(reason);
  const button = (
    <Component
      type={asChild ? undefined : (type ?? "button")}
      className={cn(buttonStyles({ variant, size }), className)}
      aria-busy={busy || undefined}
      aria-disabled={blocked || undefined}
      onClick={blocked ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {asChild ? (
        children
      ) : (
        <>
          {busy && <Spinner />}
          {children}
        </>
      )}
    </Component>
  );
  // Wrapped whenever a reason may come, so that the button is the same element with and without it.
  return reason === undefined ? button : <Tooltip label={reason}>{button}</Tooltip>;
}

/** A button that shows only an icon. Its label is the accessible name and the tooltip. */
export function IconButton({
  label,
  side,
  children,
  ...rest
}: Omit<ButtonProps, "reason" | "aria-label"> & {
  label: string;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}) {
  return (
    <Tooltip label={label} side={side}>
      <Button variant="ghost" size="icon" aria-label={label} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
}

function Spinner() {
  return (
    <svg viewBox="0 0 16 16" className="size-4 animate-spin" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity="0.3" strokeWidth="2" />
      <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
