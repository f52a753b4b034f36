import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Drawer } from "@/kit/dialog";
import { EmptyState } from "@/kit/empty-state";
import { ErrorState } from "@/kit/error-state";
import { ForbiddenState } from "@/kit/forbidden-state";
import type { Contact } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { Page } from "@/shared/page/page";
import { usePaletteActions } from "@/shared/palette/palette";
import { CONTACTS, useGroups } from "@/shared/people/contact-api";
import { useCan } from "@/shared/permissions/use-can";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { useSearchText } from "@/shared/use-search-text";
import { useContacts } from "../api";
import { forgetFresh, useFresh } from "../events";
import { BulkBar } from "../parts/bulk-bar";
import { ContactDialog } from "../parts/contact-dialog";
import { ContactDrawer } from "../parts/contact-drawer";
import { ContactsTable } from "../parts/contacts-table";
import { FilterBar } from "../parts/filter-bar";
import { GroupsPane } from "../parts/groups-pane";

type Search = { search?: string; group?: string; tag?: string; contact?: string };
const NOBODY: ReadonlySet<string> = new Set();

/** Everybody the business knows: found, grouped, written to. */
export function ContactsPage() {
  const { t } = useTranslation();
  return useCan("contacts.view") ? <Contacts /> : <ForbiddenState area={t("nav.contacts")} />;
}

function Contacts() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const address: Search = useSearch({ strict: false });
  const mayEdit = useCan("contacts.edit");
  const mayAct = useCan("groups.manage") || mayEdit;
  const [editing, setEditing] = useState<Contact | "new" | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(NOBODY);
  const [groupsOpen, setGroupsOpen] = useState(false);
  const searchBox = useRef<HTMLDivElement>(null);
  const fresh = useFresh((store) => store.ids.length);

  const setAddress = useCallback(
    (change: Search) =>
      void navigate({
        to: ".",
        search: (old: Record<string, unknown>) => ({ ...old, ...change }),
        replace: true,
      }),
    [navigate],
  );
  const [search, setSearch] = useSearchText(address.search ?? "", (text) =>
    setAddress({ search: text || undefined }),
  );
  const query = useContacts({ search: address.search, group_id: address.group, tag: address.tag });
  const groups = useGroups().data;
  const group = groups?.find(({ id }) => id === address.group) ?? null;
  const tags = useMemo(
    () => [...new Set(query.rows.flatMap((row) => row.tags))].sort((a, b) => a.localeCompare(b)).slice(0, 50),
    [query.rows],
  );
  useEffect(() => forgetFresh, []);
  // What is selected belongs to the list it was selected in.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is the reason, not a value used here.
  useEffect(() => setSelected(NOBODY), [address.search, address.group, address.tag]);

  const choose = (id: string | null) => {
    setAddress({ group: id ?? undefined });
    setGroupsOpen(false);
  };
  const onTag = useCallback((tag: string) => setAddress({ tag }), [setAddress]);
  const add = () => setEditing("new");
  const showFresh = () => {
    forgetFresh();
    void client.invalidateQueries({ queryKey: [CONTACTS] });
  };
  useShortcut("n", { label: t("contacts.add_contact"), group: t("nav.contacts"), enabled: mayEdit }, add);
  useShortcut("/", { label: t("contacts.search"), group: t("nav.contacts") }, () =>
    searchBox.current?.querySelector("input")?.focus(),
  );
  usePaletteActions(
    mayEdit
      ? [{ id: "contact-new", group: t("nav.contacts"), label: t("contacts.add_contact"), run: add }]
      : [],
  );

  const filtered = Boolean(address.search || address.group || address.tag);
  const addButton = (
    <Button variant="primary" reason={mayEdit ? null : t("contacts.may_not_edit")} onClick={add}>
      <Plus className="size-4" aria-hidden="true" />
      {t("contacts.add_contact")}
    </Button>
  );
  const body = () => {
    if (query.isError && query.rows.length === 0)
      return (
        <ErrorState
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      );
    if (query.isSuccess && query.rows.length === 0 && !query.goesOn)
      return filtered ? (
        <EmptyState
          art="none"
          title={t("contacts.nothing_found")}
          text={t("contacts.nothing_found_text")}
          action={
            <Button
              onClick={() => {
                setSearch("");
                setAddress({ search: undefined, group: undefined, tag: undefined });
              }}
            >
              {t("contacts.clear_filters")}
            </Button>
          }
        />
      ) : (
        <EmptyState
          art="people"
          title={t("contacts.empty")}
          text={t("contacts.empty_text")}
          action={addButton}
        />
      );
    return (
      <ContactsTable
        query={query}
        selected={selected}
        onSelect={mayAct ? setSelected : undefined}
        onOpen={({ id }) => setAddress({ contact: id })}
        onTag={onTag}
      />
    );
  };
  return (
    <Page title={t("nav.contacts")} context={group?.description} flush actions={addButton}>
      <div className="flex min-h-0 flex-1">
        <aside className="scroll-thin hidden w-56 shrink-0 overflow-y-auto border-e border-line bg-surface p-3 lg:block">
          <GroupsPane chosen={address.group ?? null} onChoose={choose} />
        </aside>
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <div className="flex min-h-14 flex-col justify-center border-b border-line bg-surface px-5 py-2 max-md:px-4">
            {selected.size > 0 ? (
              <BulkBar ids={[...selected]} group={group} onDone={() => setSelected(NOBODY)} />
            ) : (
              <FilterBar
                search={search}
                onSearch={setSearch}
                searchBox={searchBox}
                groupName={address.group ? (group?.name ?? t("contacts.group_gone")) : null}
                onNoGroup={() => setAddress({ group: undefined })}
                tag={address.tag ?? null}
                tags={tags}
                onTag={(tag) => setAddress({ tag: tag ?? undefined })}
                onGroups={() => setGroupsOpen(true)}
              />
            )}
          </div>
          {fresh > 0 && (
            <Button
              variant="primary"
              size="sm"
              onClick={showFresh}
              className="absolute inset-x-0 top-16 z-20 mx-auto w-fit rounded-full shadow-2"
            >
              {t("contacts.fresh", { count: fresh, n: format.number(fresh) })}
            </Button>
          )}
          {body()}
        </div>
      </div>
      <Drawer open={groupsOpen} onOpenChange={setGroupsOpen} title={t("contacts.groups")}>
        <GroupsPane chosen={address.group ?? null} onChoose={choose} />
      </Drawer>
      {address.contact && !editing && (
        <ContactDrawer
          id={address.contact}
          onClose={() => setAddress({ contact: undefined })}
          onEdit={setEditing}
        />
      )}
      {editing && (
        <ContactDialog
          contact={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onOpen={(id) => {
            setEditing(null);
            setAddress({ contact: id });
          }}
        />
      )}
    </Page>
  );
}
