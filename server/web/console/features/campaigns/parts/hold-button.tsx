import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";

const HOLD_MS = 1500;

/**
 * For a large act: held for a second and a half with pointer, Enter or space. A short press, which is also all that
 * some assistive technology can do, asks in words instead.
 */
export function HoldButton({
  onDone,
  onShort,
  busy,
  children,
}: {
  onDone: () => void;
  onShort: () => void;
  busy: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [holding, setHolding] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  const done = useRef(false);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const begin = () => {
    if (busy || holding) return;
    done.current = false;
    setHolding(true);
    timer.current = window.setTimeout(() => {
      done.current = true;
      setHolding(false);
      onDone();
    }, HOLD_MS);
  };
  const end = () => {
    window.clearTimeout(timer.current);
    setHolding(false);
  };
  const isKey = (key: string) => key === "Enter" || key === " ";
  return (
    <div className="flex flex-col items-end gap-1">
      <Button
        variant="primary"
        size="lg"
        busy={busy}
        className="relative touch-none overflow-hidden"
        onPointerDown={begin}
        onPointerUp={end}
        onPointerLeave={end}
        onPointerCancel={end}
        onKeyDown={(event) => {
          if (!isKey(event.key)) return;
          event.preventDefault();
          if (!event.repeat) begin();
        }}
        onKeyUp={(event) => {
          if (!isKey(event.key)) return;
          const short = holding;
          end();
          if (short) onShort();
        }}
        onClick={() => {
          if (!done.current) onShort();
          done.current = false;
        }}
      >
        <span
          aria-hidden="true"
          className="absolute inset-y-0 start-0 bg-brand-ink/25"
          style={{
            width: holding ? "100%" : "0%",
            transition: holding ? `width ${HOLD_MS}ms linear` : "none",
          }}
        />
        <span className="relative flex items-center gap-2">{children}</span>
      </Button>
      <span className="text-small text-ink-3">{t("campaigns.hold")}</span>
    </div>
  );
}
