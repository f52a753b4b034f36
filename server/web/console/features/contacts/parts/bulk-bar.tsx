import { FolderMinus, FolderPlus, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/button";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import { Menu, MenuItem, MenuSeparator } from "@/kit/menu";
import { toast } from "@/kit/toast";
import type { Group } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useGroups, useMembership } from "@/shared/people/contact-api";
import { useCan } from "@/shared/permissions/use-can";
import { useDeleteContacts } from "../api";
import { GroupDialog } from "./group-dialog";

/** In place of the filters while people are selected: what can be done with all of them. */
export function BulkBar({ ids, group, onDone }: { ids: string[]; group: Group | null; onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const groups = useGroups().data ?? [];
  const membership = useMembership();
  const remove = useDeleteContacts();
  const [asking, setAsking] = useState(false);
  const [making, setMaking] = useState(false);
  const mayGroup = useCan("groups.manage") ? null : t("contacts.may_not_group");
  const mayDelete = useCan("contacts.delete") ? null : t("contacts.may_not_delete");
  const join = (target: { id: string; name: string }) =>
    membership.mutate(
      { group: target.id, ids, join: true },
      {
        onSuccess: (count) => {
          toast(t("contacts.joined", { count, n: format.number(count), group: target.name }));
          onDone();
        },
      },
    );
  const leave = (target: Group) =>
    membership.mutate(
      { group: target.id, ids, join: false },
      {
        onSuccess: (count) => {
          toast(t("contacts.left", { count, n: format.number(count), group: target.name }), {
            action: {
              label: t("contacts.undo"),
              run: () => membership.mutate({ group: target.id, ids, join: true }),
            },
          });
          onDone();
        },
      },
    );
  return (
    <div role="toolbar" aria-label={t("contacts.selection")} className="flex flex-wrap items-center gap-2">
      <IconButton label={t("contacts.select_none")} size="icon-sm" onClick={onDone}>
        <X className="size-4" aria-hidden="true" />
      </IconButton>
      <span className="tabular font-semibold" role="status">
        {t("contacts.selected", { count: ids.length, n: format.number(ids.length) })}
      </span>
      <span className="ms-auto flex flex-wrap gap-2">
        {mayGroup ? (
          <Button size="sm" reason={mayGroup}>
            <FolderPlus className="size-4" aria-hidden="true" />
            {t("contacts.add_to_group")}
          </Button>
        ) : (
          <Menu
            align="end"
            trigger={
              <Button size="sm" busy={membership.isPending}>
                <FolderPlus className="size-4" aria-hidden="true" />
                {t("contacts.add_to_group")}
              </Button>
            }
          >
            {groups.map((each) => (
              <MenuItem key={each.id} onSelect={() => join(each)} hint={format.number(each.member_count)}>
                <bdi>{each.name}</bdi>
              </MenuItem>
            ))}
            {groups.length > 0 && <MenuSeparator />}
            <MenuItem onSelect={() => setMaking(true)}>{t("contacts.new_group")}</MenuItem>
          </Menu>
        )}
        {group && !mayGroup && (
          <Button size="sm" busy={membership.isPending} onClick={() => leave(group)}>
            <FolderMinus className="size-4" aria-hidden="true" />
            {t("contacts.leave_group", { group: group.name })}
          </Button>
        )}
        <Button size="sm" variant="danger-quiet" reason={mayDelete} onClick={() => setAsking(true)}>
          <Trash2 className="size-4" aria-hidden="true" />
          {t("contacts.delete")}
        </Button>
      </span>
      {making && <GroupDialog group={null} onClose={() => setMaking(false)} onMade={join} />}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("contacts.delete_many_title", { count: ids.length, n: format.number(ids.length) })}
        description={t("contacts.delete_text")}
        typed={ids.length > 100 ? String(ids.length) : undefined}
        action={t("contacts.delete")}
        busy={remove.isPending}
        error={remove.error && <ErrorNote error={errorText(remove.error)} />}
        onConfirm={() =>
          remove.mutate(ids, {
            onSuccess: (count) => {
              toast(t("contacts.deleted", { count, n: format.number(count) }));
              onDone();
            },
          })
        }
      />
    </div>
  );
}
