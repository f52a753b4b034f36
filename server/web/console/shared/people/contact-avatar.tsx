import { WindowAvatar } from "@/kit/avatar";
import type { ReplyWindow } from "../api/types";
import { useWindowText } from "./use-window-text";

/** A contact's picture in the ring of the reply window, with the ring's words for those who cannot see it. */
export function ContactAvatar({
  contact,
  window: reply,
  size,
  className,
}: {
  contact: { id: string; name: string | null };
  window: ReplyWindow | null;
  size?: number;
  className?: string;
}) {
  const { leftMs, text } = useWindowText(reply);
  return (
    <WindowAvatar
      id={contact.id}
      name={contact.name}
      leftMs={leftMs}
      windowText={text}
      size={size}
      className={className}
    />
  );
}
