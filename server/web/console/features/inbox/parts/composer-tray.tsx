import { CircleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/kit/button";
import { cn } from "@/kit/cn";
import { useFormat } from "@/shared/format/use-format";
import type { Attachment } from "../attachments";
import { KindIcon } from "./kind-icon";

/** The files that go with the message. One that the messenger would refuse says why, before any upload. */
export function Tray({ files, onRemove }: { files: Attachment[]; onRemove: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (files.length === 0) return null;
  const words = ({ file, check }: Attachment) => {
    if (check.ok) return format.bytes(file.size);
    if (check.problem === "type") return t("inbox.file_type");
    return t("inbox.file_size", {
      kind: t(`inbox.kind_${check.kind}`),
      limit: format.bytes(check.limit),
      size: format.bytes(file.size),
    });
  };
  return (
    <ul aria-label={t("inbox.attached")} className="flex flex-wrap gap-2 px-3 pt-2">
      {files.map((attachment) => (
        <li
          key={attachment.id}
          className={cn(
            "flex max-w-full items-center gap-2 rounded-lg border border-line bg-surface p-1.5 ps-2.5 text-small",
            !attachment.check.ok && "border-bad bg-bad-tint text-bad",
          )}
        >
          {attachment.check.ok ? (
            <KindIcon type={attachment.check.kind} className="size-4 shrink-0 text-brand" />
          ) : (
            <CircleAlert className="size-4 shrink-0" aria-hidden="true" />
          )}
          <span className="min-w-0">
            <bdi className="block max-w-48 truncate font-semibold">{attachment.file.name}</bdi>
            <span
              role={attachment.check.ok ? undefined : "alert"}
              className={attachment.check.ok ? "text-ink-3" : undefined}
            >
              {words(attachment)}
            </span>
          </span>
          <IconButton
            label={t("inbox.remove_named", { name: attachment.file.name })}
            size="icon-sm"
            className="size-7"
            onClick={() => onRemove(attachment.id)}
          >
            <X className="size-3.5" aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
