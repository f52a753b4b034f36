import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import { toast } from "@/kit/toast";
import type { Channel } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useDisconnectChannel } from "../api";

/** Says what stops and what stays, and needs the name written. */
export function DisconnectDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const disconnect = useDisconnectChannel();
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("channels.disconnect_title", { name: channel.name })}
      description={t("channels.disconnect_text")}
      action={t("channels.disconnect")}
      typed={channel.name}
      busy={disconnect.isPending}
      error={disconnect.error && <ErrorNote error={errorText(disconnect.error)} className="mt-3" />}
      onConfirm={() =>
        disconnect.mutate(channel.id, {
          onSuccess: () => {
            toast(t("channels.disconnected_toast", { name: channel.name }));
            onClose();
          },
        })
      }
    />
  );
}
