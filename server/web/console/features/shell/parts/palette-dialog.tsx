import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usePalette } from "@/shared/palette/palette";

export type PaletteEntry = {
  id: string;
  group: string;
  label: string;
  icon?: ReactNode;
  keywords?: string;
  run: () => void;
};

/** Finds pages and actions by typing. Loaded when it is first opened. */
export default function PaletteDialog({ entries }: { entries: PaletteEntry[] }) {
  const { t } = useTranslation();
  const open = usePalette((state) => state.open);
  const close = () => usePalette.setState({ open: false });
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return (
    <Dialog.Root open={open} onOpenChange={(next) => usePalette.setState({ open: next })}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-4 top-[12vh] z-50 mx-auto max-w-xl overflow-hidden rounded-2xl border border-line bg-surface shadow-2 outline-none"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <Command label={t("palette.title")} loop>
            <Command.Input
              placeholder={t("palette.placeholder")}
              className="h-13 w-full border-b border-line bg-transparent px-5 text-[16px] outline-none"
            />
            <Command.List className="scroll-thin max-h-[50vh] overflow-y-auto p-2">
              <Command.Empty className="p-6 text-center text-ink-3">{t("palette.empty")}</Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="**:[[cmdk-group-heading]]:px-3 **:[[cmdk-group-heading]]:py-1.5 **:[[cmdk-group-heading]]:text-small **:[[cmdk-group-heading]]:font-semibold **:[[cmdk-group-heading]]:text-ink-3"
                >
                  {entries
                    .filter((entry) => entry.group === group)
                    .map((entry) => (
                      <Command.Item
                        key={entry.id}
                        value={`${entry.label} ${entry.id}`}
                        keywords={entry.keywords ? [entry.keywords] : undefined}
                        onSelect={() => {
                          close();
                          entry.run();
                        }}
                        className="flex min-h-9 items-center gap-2.5 rounded-lg px-3 text-body data-[selected=true]:bg-sunken max-md:min-h-11 [&_svg]:size-4 [&_svg]:text-ink-3"
                      >
                        {entry.icon}
                        {entry.label}
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
