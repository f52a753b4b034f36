import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";

/** A short explanation on hover and focus. The child must have its own accessible name; without a label nothing shows. */
export function Tooltip({
  label,
  side = "bottom",
  children,
}: {
  label: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}) {
  return (
    <Primitive.Provider delayDuration={350}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        {label && (
          <Primitive.Portal>
            <Primitive.Content
              side={side}
              sideOffset={6}
              collisionPadding={8}
              className="z-60 max-w-72 rounded-md bg-ink px-2 py-1 text-small font-medium text-canvas shadow-2"
            >
              {label}
            </Primitive.Content>
          </Primitive.Portal>
        )}
      </Primitive.Root>
    </Primitive.Provider>
  );
}
