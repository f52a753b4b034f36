import { EllipsisVertical, Pencil, Plus, Trash2, Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/kit/button";
import { cn } from "@/kit/cn";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { ErrorNote } from "@/kit/error-state";
import { Menu, MenuItem } from "@/kit/menu";
import { Skeleton } from "@/kit/skeleton";
import { toast } from "@/kit/toast";
import type { Group } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useGroups } from "@/shared/people/contact-api";
import { useCan } from "@/shared/permissions/use-can";
import { useDeleteGroup } from "../api";
import { GroupDialog } from "./group-dialog";

/** Groups beside the table: each is a filter, and is made, named and deleted here. */
export function GroupsPane({
  chosen,
  onChoose,
}: {
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const may = useCan("groups.manage");
  const query = useGroups();
  const remove = useDeleteGroup();
  const [editing, setEditing] = useState<Group | "new" | null>(null);
  const [deleting, setDeleting] = useState<Group | null>(null);
  return (
    <section aria-label={t("contacts.groups")}>
      <div className="mb-1 flex items-center justify-between ps-2">
        <h2 className="text-small font-bold text-ink-2">{t("contacts.groups")}</h2>
        {may && (
          <IconButton label={t("contacts.new_group")} size="icon-sm" onClick={() => setEditing("new")}>
            <Plus className="size-4" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <ul className="space-y-0.5">
        <Choice active={chosen === null} onChoose={() => onChoose(null)}>
          <Users className="size-4 shrink-0" aria-hidden="true" />
          <span className="min-w-0 flex-1 truncate">{t("contacts.everybody")}</span>
        </Choice>
        {query.isPending && <Skeleton className="mx-2 my-3 h-4 w-2/3" />}
        {query.data?.map((group) => (
          <Choice
            key={group.id}
            active={chosen === group.id}
            title={group.description ?? undefined}
            onChoose={() => onChoose(group.id)}
            menu={
              may && (
                <Menu
                  align="end"
                  trigger={
                    <IconButton
                      label={t("contacts.group_actions", { group: group.name })}
                      size="icon-sm"
                      className="size-7"
                    >
                      <EllipsisVertical className="size-4" aria-hidden="true" />
                    </IconButton>
                  }
                >
                  <MenuItem icon={<Pencil />} onSelect={() => setEditing(group)}>
                    {t("contacts.edit")}
                  </MenuItem>
                  <MenuItem icon={<Trash2 />} danger onSelect={() => setDeleting(group)}>
                    {t("contacts.delete")}
                  </MenuItem>
                </Menu>
              )
            }
          >
            <span className="min-w-0 flex-1 truncate">
              <bdi>{group.name}</bdi>
            </span>
            <span className="tabular text-small text-ink-3">{format.number(group.member_count)}</span>
          </Choice>
        ))}
      </ul>
      {query.isError && <p className="px-2 py-1 text-small text-bad">{errorText(query.error).message}</p>}
      {query.data?.length === 0 && (
        <p className="px-2 py-1 text-small text-pretty text-ink-3">{t("contacts.groups_empty")}</p>
      )}
      {editing && (
        <GroupDialog
          group={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onMade={(group) => onChoose(group.id)}
        />
      )}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => {
          if (!open) setDeleting(null);
        }}
        title={t("contacts.delete_group_title", { group: deleting?.name ?? "" })}
        description={t("contacts.delete_group_text")}
        action={t("contacts.delete")}
        busy={remove.isPending}
        error={remove.error && <ErrorNote error={errorText(remove.error)} />}
        onConfirm={() => {
          if (!deleting) return;
          remove.mutate(deleting.id, {
            onSuccess: () => {
              toast(t("contacts.group_deleted", { group: deleting.name }));
              if (chosen === deleting.id) onChoose(null);
              setDeleting(null);
            },
          });
        }}
      />
    </section>
  );
}

function Choice({
  active,
  title,
  onChoose,
  menu,
  children,
}: {
  active: boolean;
  title?: string;
  onChoose: () => void;
  menu?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li
      className={cn(
        "flex items-center rounded-lg pe-1 hover:bg-sunken",
        active && "bg-brand-tint hover:bg-brand-tint",
      )}
    >
      <button
        type="button"
        aria-pressed={active}
        title={title}
        onClick={onChoose}
        className={cn(
          "flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-lg px-2 text-start text-compact max-md:min-h-11",
          active && "font-semibold text-brand",
        )}
      >
        {children}
      </button>
      {menu}
    </li>
  );
}
