import { Filter, Tag } from "lucide-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { Chip } from "@/kit/chip";
import { SearchInput } from "@/kit/input";
import { Menu, MenuItem } from "@/kit/menu";

/** Search, and what the table is limited to, each with its way out. */
export function FilterBar({
  search,
  onSearch,
  searchBox,
  groupName,
  onNoGroup,
  tag,
  tags,
  onTag,
  onGroups,
}: {
  search: string;
  onSearch: (search: string) => void;
  searchBox: RefObject<HTMLDivElement | null>;
  groupName: string | null;
  onNoGroup: () => void;
  tag: string | null;
  /** Tags that were seen so far, to choose from. */
  tags: string[];
  onTag: (tag: string | null) => void;
  /** Opens the groups on phones, where they do not stand beside the table. */
  onGroups: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <div ref={searchBox} className="min-w-48 max-w-96 flex-1">
        <SearchInput value={search} onValueChange={onSearch} label={t("contacts.search")} />
      </div>
      <Button className="lg:hidden" onClick={onGroups}>
        <Filter className="size-4" aria-hidden="true" />
        {t("contacts.groups")}
      </Button>
      {tags.length > 0 && (
        <Menu
          trigger={
            <Button>
              <Tag className="size-4" aria-hidden="true" />
              {t("contacts.tags")}
            </Button>
          }
        >
          {tags.map((each) => (
            <MenuItem key={each} onSelect={() => onTag(each)}>
              <bdi>{each}</bdi>
            </MenuItem>
          ))}
        </Menu>
      )}
      {groupName !== null && (
        <Chip
          tone="brand"
          onRemove={onNoGroup}
          removeLabel={t("contacts.filter_remove", { name: groupName })}
        >
          {t("contacts.in_group", { group: groupName })}
        </Chip>
      )}
      {tag !== null && (
        <Chip
          tone="brand"
          onRemove={() => onTag(null)}
          removeLabel={t("contacts.filter_remove", { name: tag })}
        >
          {t("contacts.with_tag", { tag })}
        </Chip>
      )}
    </div>
  );
}
