import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";

/** Asks before an act that cannot be undone. With `typed` the person has to write that word first. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  action,
  typed,
  busy,
  error,
  onConfirm,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** What the button does, as a verb. */
  action: string;
  typed?: string;
  busy?: boolean;
  error?: ReactNode;
  onConfirm: () => void;
}) {
  const { t } = useTranslation();
  const [written, setWritten] = useState("");
  const missing =
    typed !== undefined && written.trim() !== typed ? t("kit.type_to_confirm", { word: typed }) : null;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) setWritten("");
        onOpenChange(next);
      }}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t("kit.cancel")}</Button>
          <Button variant="danger" busy={busy} reason={missing} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {typed !== undefined && (
        <Field label={t("kit.type_to_confirm", { word: typed })}>
          <Input
            value={written}
            onChange={(event) => setWritten(event.target.value)}
            autoComplete="off"
            dir="auto"
          />
        </Field>
      )}
      {error}
    </Dialog>
  );
}
