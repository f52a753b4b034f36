import type { ReactNode } from "react";

/** Title, one line of context, then tools and actions; the one primary action stands last. */
export function PageHeader({
  title,
  context,
  start,
  tools,
  actions,
}: {
  title: ReactNode;
  context?: ReactNode;
  /** Before the title: a way back on phones. */
  start?: ReactNode;
  tools?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-3 border-b border-line bg-surface px-5 py-2 max-md:px-4">
      {start}
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-title font-bold tracking-[-0.01em]">{title}</h1>
        {context && <p className="truncate text-small text-ink-3">{context}</p>}
      </div>
      {tools}
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </header>
  );
}

/** A card of a page with an optional heading. */
export function Card({
  title,
  text,
  actions,
  children,
}: {
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <section className="rounded-2xl border border-line bg-surface p-5 max-md:p-4">
      {(title || actions) && (
        <div className="mb-4 flex flex-wrap items-start gap-3">
          <div className="min-w-0 flex-1 basis-56">
            {title && <h2 className="text-[15px] font-bold leading-6">{title}</h2>}
            {text && <p className="mt-0.5 text-pretty text-ink-2">{text}</p>}
          </div>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}
