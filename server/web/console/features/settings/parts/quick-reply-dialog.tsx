import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { ErrorNote } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Input, Textarea } from "@/kit/input";
import type { QuickReply, QuickReplyInput } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { showDetails, useCheckedForm } from "@/shared/form/form";
import { useFieldWords } from "@/shared/form/use-field-words";
import { useSaveQuickReply } from "../api";

const FORM = "quick-reply";

/** Makes or changes one quick reply. */
export function QuickReplyDialog({
  reply,
  others,
  onClose,
}: {
  reply: QuickReply | null;
  others: QuickReply[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const save = useSaveQuickReply();
  const taken = others.filter(({ id }) => id !== reply?.id).map(({ shortcut }) => shortcut);
  const rules = z.object({
    shortcut: z.string().check(
      z.trim(),
      z.regex(/^[\p{L}\p{N}_-]{1,40}$/u, "validation.shortcut_wrong"),
      z.refine((value) => !taken.includes(value.trim()), "validation.shortcut_taken"),
    ),
    title: z.string().check(z.trim(), z.minLength(1, "validation.title_missing")),
    text: z.string().check(z.trim(), z.minLength(1, "validation.text_missing")),
  });
  const form = useCheckedForm<QuickReplyInput>(rules, {
    shortcut: reply?.shortcut ?? "",
    title: reply?.title ?? "",
    text: reply?.text ?? "",
  });
  const words = useFieldWords(form.formState.errors);
  const submit = form.handleSubmit((input) =>
    save.mutate(
      { id: reply?.id, ...input },
      { onSuccess: onClose, onError: (error) => void showDetails(form, error) },
    ),
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={reply ? t("replies.edit_title") : t("replies.add")}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button type="submit" form={FORM} variant="primary" busy={save.isPending}>
            {t("kit.save")}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field
          label={t("replies.shortcut")}
          help={t("replies.shortcut_help")}
          error={words("shortcut")}
          required
        >
          <Input autoComplete="off" dir="auto" {...form.register("shortcut")} />
        </Field>
        <Field label={t("replies.title")} error={words("title")} required>
          <Input autoComplete="off" dir="auto" {...form.register("title")} />
        </Field>
        <Field label={t("replies.message")} error={words("text")} required>
          <Textarea rows={5} dir="auto" {...form.register("text")} />
        </Field>
        {save.error && <ErrorNote error={errorText(save.error)} />}
      </form>
    </Dialog>
  );
}
