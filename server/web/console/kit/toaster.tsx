import { X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "./cn";
import { currentToasts, removeToast, watchToasts } from "./toast";

/** Shows the toasts. Place once, inside the application. */
export default function Toaster() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(watchToasts, currentToasts);
  return (
    <Primitive.Provider label={t("kit.notice")} swipeDirection="down">
      {shown.map((message) => (
        <Primitive.Root
          key={message.id}
          duration={message.duration}
          type={message.tone === "bad" ? "foreground" : "background"}
          onOpenChange={(open) => {
            if (!open) removeToast(message.id);
          }}
          className={cn(
            "flex items-center gap-3 rounded-xl border border-line bg-raised px-4 py-3 shadow-2 data-[state=open]:animate-in data-[state=open]:fade-in-0",
            message.tone === "ok" && "border-ok",
            message.tone === "bad" && "border-bad",
          )}
        >
          <div className="min-w-0 flex-1">
            <Primitive.Title className="font-semibold">{message.title}</Primitive.Title>
            {message.text && (
              <Primitive.Description className="text-ink-2">{message.text}</Primitive.Description>
            )}
          </div>
          {message.action && (
            <Primitive.Action
              altText={message.action.label}
              onClick={message.action.run}
              className="rounded-md px-2 py-1 font-semibold text-brand hover:bg-sunken"
            >
              {message.action.label}
            </Primitive.Action>
          )}
          <Primitive.Close
            aria-label={t("kit.close")}
            className="grid size-7 place-items-center rounded-md text-ink-3 hover:bg-sunken"
          >
            <X className="size-4" />
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport
        label={t("kit.notices")}
        className="fixed bottom-4 start-1/2 z-60 flex w-96 max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col gap-2 outline-none max-md:bottom-20 rtl:translate-x-1/2"
      />
    </Primitive.Provider>
  );
}
