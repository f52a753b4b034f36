import {
  CircleHelp,
  Contact,
  FileText,
  Image,
  LayoutTemplate,
  ListChecks,
  MapPin,
  Mic,
  SmilePlus,
  Sticker,
  Video,
} from "lucide-react";

const ICON = {
  image: Image,
  sticker: Sticker,
  video: Video,
  audio: Mic,
  document: FileText,
  location: MapPin,
  contacts: Contact,
  interactive: ListChecks,
  button: ListChecks,
  reaction: SmilePlus,
  template: LayoutTemplate,
  unsupported: CircleHelp,
} as const;

export type KnownKind = keyof typeof ICON;

/** The kind under which a message is shown; what a newer server may name is "unsupported". */
export const kindOf = (type: string): KnownKind => (type in ICON ? (type as KnownKind) : "unsupported");

export function KindIcon({ type, className = "size-4" }: { type: string; className?: string }) {
  const Icon = ICON[kindOf(type)];
  return <Icon className={className} strokeWidth={1.75} aria-hidden="true" />;
}
