import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import type { Channel } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useRenameChannel } from "../api";

/** The team's own name for a number; customers see Meta's display name. */
export function RenameDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const rename = useRenameChannel();
  const [name, setName] = useState(channel.name);
  const missing = name.trim() === "" ? t("channels.name_missing") : null;
  const form = "rename-channel";
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("channels.rename")}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={rename.isPending} reason={missing}>
            {t("kit.save")}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!missing) rename.mutate({ id: channel.id, name: name.trim() }, { onSuccess: onClose });
        }}
      >
        <Field label={t("channels.name")} help={t("channels.name_help")}>
          <Input value={name} onChange={(event) => setName(event.target.value)} dir="auto" />
        </Field>
        {rename.error && <ErrorNote error={errorText(rename.error)} className="mt-3" />}
      </form>
    </Dialog>
  );
}
