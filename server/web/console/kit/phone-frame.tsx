import type { ReactNode } from "react";

/** What a customer sees, in the one place where the messenger's own look may appear. */
export function PhoneFrame({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <figure
      aria-label={label}
      className="mx-auto w-full max-w-72 overflow-hidden rounded-[28px] border-6 border-ink bg-phone-ground shadow-2"
    >
      <div
        className="flex items-center gap-2.5 bg-phone-bar px-3 py-2.5 text-phone-bar-ink"
        aria-hidden="true"
      >
        <span className="size-7 rounded-full bg-phone-bar-ink/25" />
        <span className="min-w-0 truncate text-compact font-semibold">{name}</span>
      </div>
      <div className="flex min-h-64 flex-col gap-2 p-3">{children}</div>
    </figure>
  );
}

/** One message as the customer gets it. Buttons stand under the text, as on the phone. */
export function PhoneBubble({
  header,
  children,
  footer,
  buttons,
  time,
}: {
  header?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  buttons?: string[];
  time?: string;
}) {
  return (
    <div className="w-[88%] overflow-hidden rounded-lg rounded-ss-none bg-phone-bubble text-phone-ink shadow-1">
      <div className="px-2.5 py-2">
        {header && <div className="mb-1 font-bold">{header}</div>}
        <div className="whitespace-pre-wrap break-words text-compact" dir="auto">
          {children}
        </div>
        {footer && <div className="mt-1 text-micro font-normal text-phone-ink-2">{footer}</div>}
        {time && <div className="text-end text-micro font-normal text-phone-ink-2">{time}</div>}
      </div>
      {buttons?.map((button) => (
        <div
          key={button}
          className="border-t border-phone-line px-2.5 py-2 text-center text-compact font-medium text-phone-link"
        >
          {button}
        </div>
      ))}
    </div>
  );
}
