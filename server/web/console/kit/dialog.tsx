import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";
import { cn } from "./cn";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  className?: string;
};

/** The first field takes the focus, else the dialog itself: the close button is nobody's first wish. */
function focusFirst(event: Event): void {
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement)) return;
  event.preventDefault();
  (dialog.querySelector<HTMLElement>("[data-autofocus], input, textarea, select") ?? dialog).focus();
}

const overlay =
  "fixed inset-0 z-40 bg-veil data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=closed]:animate-out data-[state=closed]:fade-out-0";

function Body({
  title,
  description,
  children,
  footer,
}: Omit<DialogProps, "open" | "onOpenChange" | "className">) {
  const { t } = useTranslation();
  return (
    <>
      <header className="flex items-start gap-3 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <Primitive.Title className="text-head font-bold text-ink">{title}</Primitive.Title>
          {description && (
            <Primitive.Description className="mt-1 text-ink-2">{description}</Primitive.Description>
          )}
        </div>
        <Primitive.Close asChild>
          <IconButton label={t("kit.close")} size="icon-sm">
            <X className="size-4.5" />
          </IconButton>
        </Primitive.Close>
      </header>
      <div className="scroll-thin min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
      {footer && (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
      )}
    </>
  );
}

/** A question or a short form above the page. On phones it takes the whole width at the bottom. */
export function Dialog({ open, onOpenChange, className, ...body }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          {...(body.description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirst}
          className={cn(
            "fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[92dvh] w-full flex-col rounded-t-2xl border border-line bg-surface shadow-2 outline-none md:inset-y-0 md:my-auto md:h-fit md:max-w-lg md:rounded-2xl",
            "data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=closed]:animate-out data-[state=closed]:fade-out-0 duration-180",
            className,
          )}
        >
          <Body {...body} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A panel at the end side of the page, full width on phones. */
export function Drawer({ open, onOpenChange, className, ...body }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          {...(body.description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirst}
          className={cn(
            "fixed inset-y-0 end-0 z-50 flex w-full flex-col border-s border-line bg-surface shadow-2 outline-none md:w-[420px]",
            "data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=closed]:animate-out data-[state=closed]:fade-out-0 duration-180",
            className,
          )}
        >
          <Body {...body} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
