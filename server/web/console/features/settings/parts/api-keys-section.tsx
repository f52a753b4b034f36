import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/button";
import { Chip } from "@/kit/chip";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { EmptyState } from "@/kit/empty-state";
import { ErrorNote, ErrorState } from "@/kit/error-state";
import { Card } from "@/kit/page-header";
import { CardSkeleton } from "@/kit/skeleton";
import type { ApiKey } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/format/use-now";
import { useApiKeys, useRevokeApiKey } from "../api";
import { SCOPES, scopeText } from "../model";
import { ApiKeyDialog } from "./api-key-dialog";

type Open = { kind: "none" } | { kind: "new" } | { kind: "revoke"; key: ApiKey };

/** Keys for programs. A secret is shown once, at its making. */
export function ApiKeysSection() {
  const { t } = useTranslation();
  const keys = useApiKeys();
  const revoke = useRevokeApiKey();
  const errorText = useErrorText();
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const close = () => {
    revoke.reset();
    setOpen({ kind: "none" });
  };
  const add = (
    <Button variant="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus className="size-4" aria-hidden="true" />
      {t("keys.add")}
    </Button>
  );
  if (keys.isPending) return <CardSkeleton label={t("kit.loading")} />;
  if (!keys.data) {
    return (
      <ErrorState error={errorText(keys.error)} onRetry={() => void keys.refetch()} busy={keys.isFetching} />
    );
  }
  return (
    <>
      {keys.data.length === 0 ? (
        <EmptyState art="ring" title={t("keys.empty_title")} text={t("keys.empty_text")} action={add} />
      ) : (
        <Card title={t("settings.api_keys")} text={t("keys.text")} actions={add}>
          <ul className="divide-y divide-line">
            {keys.data.map((key) => (
              <KeyRow key={key.id} entry={key} onRevoke={() => setOpen({ kind: "revoke", key })} />
            ))}
          </ul>
        </Card>
      )}
      {open.kind === "new" && <ApiKeyDialog onClose={close} />}
      {open.kind === "revoke" && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={t("keys.revoke_title", { name: open.key.name })}
          description={t("keys.revoke_text")}
          action={t("keys.revoke")}
          busy={revoke.isPending}
          error={revoke.error && <ErrorNote error={errorText(revoke.error)} />}
          onConfirm={() => revoke.mutate(open.key.id, { onSuccess: close })}
        />
      )}
    </>
  );
}

function KeyRow({ entry, onRevoke }: { entry: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const over = entry.expires_at !== null && Date.parse(entry.expires_at) <= now;
  return (
    <li className="flex items-start gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-semibold">
          <bdi>{entry.name}</bdi>
        </p>
        <p className="font-mono text-small text-ink-2">
          <bdi dir="ltr">{entry.prefix}…</bdi>
        </p>
        <p className="mt-1 text-small text-ink-3">
          {entry.last_used_at
            ? t("keys.last_used", { time: format.moment(entry.last_used_at) })
            : t("keys.never_used")}
          {entry.expires_at && !over && ` · ${t("keys.expires", { date: format.date(entry.expires_at) })}`}
        </p>
        <div className="mt-1.5 flex flex-wrap gap-1.5">
          {over && <Chip tone="bad">{t("keys.expired")}</Chip>}
          {entry.scopes.map((scope) => (
            <Chip key={scope}>{SCOPES.some((each) => each === scope) ? t(scopeText(scope)) : scope}</Chip>
          ))}
        </div>
      </div>
      <IconButton label={t("keys.revoke_named", { name: entry.name })} onClick={onRevoke}>
        <Trash2 className="size-4" />
      </IconButton>
    </li>
  );
}
