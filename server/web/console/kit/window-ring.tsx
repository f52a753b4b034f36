const HOUR = 3_600_000;

export type RingState = "closed" | "closing" | "soon" | "open";

/** How near the end of the reply window is: red under two hours, amber under six. */
export function ringState(leftMs: number | null): RingState {
  if (leftMs === null || leftMs <= 0) return "closed";
  if (leftMs < 2 * HOUR) return "closing";
  return leftMs < 6 * HOUR ? "soon" : "open";
}

const COLOUR: Record<RingState, string> = {
  closed: "var(--line)",
  closing: "var(--bad)",
  soon: "var(--c2)",
  open: "var(--ok)",
};

/**
 * The ring around a contact's picture that empties as the reply window closes. It starts at twelve
 * o'clock and empties clockwise in both reading directions. The text for it belongs to the caller,
 * who knows the language; the drawing itself is hidden from screen readers.
 */
export function WindowRing({
  leftMs,
  fullMs = 24 * HOUR,
  size,
}: {
  leftMs: number | null;
  fullMs?: number;
  size: number;
}) {
  const radius = size / 2 - 1.25;
  const length = 2 * Math.PI * radius;
  const share = Math.max(0, Math.min(1, (leftMs ?? 0) / fullMs));
  const state = ringState(leftMs);
  const circle = { cx: size / 2, cy: size / 2, r: radius, fill: "none" };
  return (
    <svg width={size} height={size} className="absolute inset-0" aria-hidden="true" data-ring={state}>
      <circle {...circle} stroke="var(--line)" strokeWidth={2} />
      {state !== "closed" && (
        <circle
          {...circle}
          stroke={COLOUR[state]}
          strokeWidth={2.5}
          strokeLinecap="round"
          strokeDasharray={`${length * share} ${length}`}
          // Emptying clockwise: what is left ends at twelve o'clock, so the arc starts after the gap.
          transform={`rotate(${-90 + 360 * (1 - share)} ${size / 2} ${size / 2})`}
        />
      )}
    </svg>
  );
}
