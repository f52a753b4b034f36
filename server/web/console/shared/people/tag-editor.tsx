import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Chip } from "@/kit/chip";
import { Input } from "@/kit/input";

/** A contact's tags: each can be removed, one field adds more. */
export function TagEditor({
  tags,
  onChange,
  readOnly,
}: {
  tags: string[];
  onChange: (tags: string[]) => void;
  readOnly?: boolean;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const add = () => {
    const tag = text?.trim() ?? "";
    const known = tags.some((each) => each.toLocaleLowerCase() === tag.toLocaleLowerCase());
    if (tag !== "" && !known) onChange([...tags, tag]);
  };
  if (readOnly && tags.length === 0)
    return <p className="text-compact text-ink-3">{t("contacts.no_tags")}</p>;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {tags.map((tag) => (
        <Chip
          key={tag}
          tone="brand"
          removeLabel={t("contacts.remove_tag", { tag })}
          onRemove={readOnly ? undefined : () => onChange(tags.filter((each) => each !== tag))}
        >
          <bdi>{tag}</bdi>
        </Chip>
      ))}
      {!readOnly &&
        (text === null ? (
          <button
            type="button"
            onClick={() => setText("")}
            className="inline-flex h-6 items-center gap-1 rounded-full border border-dashed border-line-strong px-2 text-micro font-semibold text-ink-2 hover:bg-sunken max-md:h-9"
          >
            <Plus className="size-3" aria-hidden="true" />
            {t("contacts.add_tag")}
          </button>
        ) : (
          <Input
            size="sm"
            dir="auto"
            ref={(node) => {
              if (node && document.activeElement !== node) node.focus();
            }}
            aria-label={t("contacts.new_tag")}
            placeholder={t("contacts.new_tag")}
            maxLength={64}
            value={text}
            className="h-7 w-32"
            onChange={(event) => setText(event.target.value)}
            onBlur={() => {
              add();
              setText(null);
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "Enter") {
                event.preventDefault();
                add();
                setText("");
              } else if (event.key === "Escape") {
                event.stopPropagation();
                setText(null);
              }
            }}
          />
        ))}
    </div>
  );
}
