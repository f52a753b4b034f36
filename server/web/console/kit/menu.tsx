import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

const item =
  "flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-md px-2 py-1 text-compact text-ink outline-none data-disabled:opacity-50 data-highlighted:bg-sunken max-md:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0";
const panel =
  "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-80 overflow-y-auto rounded-[10px] border border-line bg-raised p-1 shadow-2";

/** A menu that opens from `trigger` (one element that takes a ref, as Button does). */
export function Menu({
  trigger,
  children,
  side,
  align = "start",
  className,
}: {
  trigger: ReactNode;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  className?: string;
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cn(panel, className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function MenuItem({
  icon,
  hint,
  danger,
  className,
  children,
  ...rest
}: ComponentProps<typeof Primitive.Item> & { icon?: ReactNode; hint?: ReactNode; danger?: boolean }) {
  return (
    <Primitive.Item className={cn(item, danger && "text-bad", className)} {...rest}>
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
      {hint && <span className="text-small text-ink-3">{hint}</span>}
    </Primitive.Item>
  );
}

/** Items of which one is chosen. */
export function MenuChoice({
  label,
  value,
  onValueChange,
  options,
}: {
  label?: ReactNode;
  value: string;
  onValueChange: (value: string) => void;
  options: { value: string; label: ReactNode; lang?: string }[];
}) {
  return (
    <Primitive.RadioGroup value={value} onValueChange={onValueChange}>
      {label && <MenuLabel>{label}</MenuLabel>}
      {options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={item} lang={option.lang}>
          <span className="min-w-0 flex-1">{option.label}</span>
          <Primitive.ItemIndicator>
            <Check className="text-brand" />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function SubMenu({
  icon,
  label,
  children,
}: {
  icon?: ReactNode;
  label: ReactNode;
  children: ReactNode;
}) {
  return (
    <Primitive.Sub>
      <Primitive.SubTrigger className={cn(item, "data-[state=open]:bg-sunken")}>
        {icon}
        <span className="min-w-0 flex-1">{label}</span>
      </Primitive.SubTrigger>
      <Primitive.Portal>
        <Primitive.SubContent sideOffset={4} collisionPadding={8} className={panel}>
          {children}
        </Primitive.SubContent>
      </Primitive.Portal>
    </Primitive.Sub>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Primitive.Label className="px-2 pt-1.5 pb-1 text-small font-semibold text-ink-3">
      {children}
    </Primitive.Label>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}
