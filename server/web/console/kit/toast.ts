export type ToastMessage = {
  id: number;
  title: string;
  text?: string;
  tone: "neutral" | "ok" | "bad";
  action?: { label: string; run: () => void };
  duration: number;
};

let messages: ToastMessage[] = [];
let last = 0;
const listeners = new Set<() => void>();
const publish = (next: ToastMessage[]) => {
  messages = next;
  for (const listener of listeners) listener();
};
export const removeToast = (id: number) => publish(messages.filter((message) => message.id !== id));

/** Says that something happened. With an action (undo) it stays eight seconds. */
export function toast(
  title: string,
  options: { text?: string; tone?: ToastMessage["tone"]; action?: ToastMessage["action"] } = {},
): void {
  last += 1;
  const duration = options.action ? 8000 : options.tone === "bad" ? 7000 : 4000;
  publish([...messages.slice(-2), { id: last, title, tone: "neutral", ...options, duration }]);
}

/** For the component that shows them. */
export function watchToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export const currentToasts = (): ToastMessage[] => messages;
