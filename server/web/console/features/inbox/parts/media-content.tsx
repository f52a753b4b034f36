import { CloudOff, Download, FileText, LoaderCircle } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { address } from "@/shared/api/client";
import { useFormat } from "@/shared/format/use-format";
import { MessageText } from "@/shared/messages/message-text";
import { mediaOf } from "../content";
import { KindIcon, kindOf } from "./kind-icon";

type Media = ReturnType<typeof mediaOf>;
const sourceOf = (media: Media) => address(`/media/${media.media_id}`);

/** A picture, film, sound or document; what has not arrived has a place of the same size and says why. */
export function MediaBody({ type, content }: { type: string; content: Record<string, unknown> }) {
  const media = mediaOf(content);
  return (
    <>
      <MediaThing type={type} media={media} />
      {media.caption && <MessageText text={media.caption} className="mt-1.5" />}
    </>
  );
}

function MediaThing({ type, media }: { type: string; media: Media }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  if (media.state === "failed" || broken)
    return (
      <Placeholder icon={<CloudOff className="size-5" aria-hidden="true" />}>
        {media.error ?? t("inbox.media_failed")}
        {broken && (
          <Button size="sm" className="mt-2" onClick={() => setBroken(false)}>
            {t("kit.retry")}
          </Button>
        )}
      </Placeholder>
    );
  if (media.state === "pending")
    return (
      <Placeholder icon={<LoaderCircle className="size-5 animate-spin" aria-hidden="true" />}>
        {t("inbox.media_pending")}
      </Placeholder>
    );
  if (type === "image" || type === "sticker")
    return <Picture media={media} sticker={type === "sticker"} onBroken={() => setBroken(true)} />;
  if (type === "video")
    return (
      // biome-ignore lint/a11y/useMediaCaption: people send films without captions; there is no track to offer.
      <video
        controls
        preload="metadata"
        src={sourceOf(media)}
        aria-label={t("inbox.kind_video")}
        onError={() => setBroken(true)}
        className="aspect-video w-72 max-w-full rounded-lg bg-ink/90"
      />
    );
  if (type === "audio")
    return (
      <span className="flex items-center gap-2">
        <KindIcon type="audio" className="size-5 shrink-0 text-brand" />
        {/* biome-ignore lint/a11y/useMediaCaption: a voice message has no track to offer. */}
        <audio
          controls
          preload="metadata"
          src={sourceOf(media)}
          aria-label={t("inbox.kind_audio")}
          onError={() => setBroken(true)}
          className="h-10 w-60 max-w-full"
        />
      </span>
    );
  return <FileCard media={media} />;
}

function Placeholder({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="grid min-h-32 w-64 max-w-full place-content-center justify-items-center gap-1.5 rounded-lg border border-dashed border-line-strong bg-surface p-4 text-center text-small text-ink-2">
      {icon}
      <span className="flex flex-col items-center">{children}</span>
    </div>
  );
}

function Picture({ media, sticker, onBroken }: { media: Media; sticker: boolean; onBroken: () => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const name = t(`inbox.kind_${kindOf(sticker ? "sticker" : "image")}`);
  const alt = media.caption ?? name;
  const known = media.width && media.height ? `${media.width} / ${media.height}` : "4 / 3";
  const image = (className: string) => (
    <img src={sourceOf(media)} alt={alt} className={className} onError={onBroken} draggable={false} />
  );
  if (sticker) return image("size-36 object-contain");
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-label={t("inbox.open_picture", { name: alt })}
        className="block max-h-80 w-64 max-w-full overflow-hidden rounded-lg bg-sunken"
        style={{ aspectRatio: known }}
      >
        {image("size-full object-cover")}
      </button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={name}
        className="md:max-w-4xl"
        footer={
          <Button asChild>
            <a href={sourceOf(media)} download={media.filename ?? ""}>
              <Download className="size-4" aria-hidden="true" />
              {t("inbox.download")}
            </a>
          </Button>
        }
      >
        {image("mx-auto max-h-[70dvh] rounded-lg object-contain")}
        {media.caption && <MessageText text={media.caption} className="mt-3 text-center" />}
      </Dialog>
    </>
  );
}

function FileCard({ media }: { media: Media }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = media.filename ?? t("inbox.kind_document");
  const ending = /\.([a-z0-9]{1,5})$/i.exec(media.filename ?? "")?.[1]?.toUpperCase();
  return (
    <a
      href={sourceOf(media)}
      download={media.filename ?? ""}
      className="flex w-64 max-w-full items-center gap-3 rounded-lg border border-line bg-surface p-2.5 hover:bg-sunken"
    >
      <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-brand-tint text-brand">
        <FileText className="size-5" aria-hidden="true" />
      </span>
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-semibold">{name}</bdi>
        <span className="text-small text-ink-3">
          {[ending, media.size ? format.bytes(media.size) : null].filter(Boolean).join(" · ")}
        </span>
      </span>
      <Download className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
      <span className="sr-only">{t("inbox.download")}</span>
    </a>
  );
}
