import { useTranslation } from "react-i18next";
import { Dialog } from "@/kit/dialog";
import { Kbd } from "@/kit/kbd";
import { usePalette } from "@/shared/palette/palette";
import { useShortcuts } from "@/shared/shortcuts/shortcuts";

/** The keys that work on the present page. */
export default function ShortcutSheet() {
  const { t } = useTranslation();
  const open = usePalette((state) => state.sheet);
  const entries = useShortcuts((state) => state.entries);
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => usePalette.setState({ sheet: next })}
      title={t("shortcuts.title")}
      description={t("shortcuts.hint")}
      className="md:max-w-2xl"
    >
      <div className="gap-x-10 md:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-small font-semibold text-ink-3">{group}</h3>
            <dl>
              {entries
                .filter((entry) => entry.group === group)
                .map((entry) => (
                  <div key={entry.id} className="flex items-center justify-between gap-3 py-1">
                    <dt>{entry.label}</dt>
                    <dd>
                      <Kbd keys={entry.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
