import { useNavigate } from "@tanstack/react-router";
import { LogOut, SunMoon } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { ThemeChoice } from "@/shared/api/types";
import { openSheet, usePalette } from "@/shared/palette/palette";
import { useSession } from "@/shared/session/session";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { usePreferences, useSignOut } from "../api";
import { LOWER_PLACES, mayOpen, PLACES, type Place } from "../model";

const PaletteDialog = lazy(() => import("./palette-dialog"));
const ShortcutSheet = lazy(() => import("./shortcut-sheet"));
const THEMES: ThemeChoice[] = ["system", "light", "dark"];

/** The shell's own keys, the palette with pages and actions, and the sheet of keys. */
export function Commands() {
  const { t } = useTranslation();
  const { permissions } = useSession();
  const { open, sheet, actions } = usePalette();
  const navigate = useNavigate();
  const { chooseTheme } = usePreferences();
  const signOut = useSignOut();
  const places = [...PLACES.flat(), ...LOWER_PLACES].filter((place) => mayOpen(place, permissions));
  const everywhere = t("shortcuts.everywhere");
  useShortcut("mod+k", { label: t("palette.title"), group: everywhere }, () =>
    usePalette.setState({ open: true }),
  );
  useShortcut("?", { label: t("shortcuts.title"), group: everywhere }, openSheet);
  const entries = [
    ...actions,
    ...places.map((place) => ({
      id: place.to,
      group: t("palette.pages"),
      label: t(`nav.${place.key}`),
      icon: <place.icon />,
      run: () => void navigate({ to: place.to }),
    })),
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      group: t("me.theme"),
      label: t(`me.theme_${theme}`),
      icon: <SunMoon />,
      run: () => chooseTheme(theme),
    })),
    {
      id: "sign-out",
      group: t("palette.account"),
      label: t("me.sign_out"),
      icon: <LogOut />,
      run: () => signOut.mutate(),
    },
  ];
  return (
    <>
      {places.map((place) => (
        <Go key={place.to} place={place} />
      ))}
      <Suspense>
        {open && <PaletteDialog entries={entries} />}
        {sheet && <ShortcutSheet />}
      </Suspense>
    </>
  );
}

function Go({ place }: { place: Place }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  useShortcut(
    `g ${place.go}`,
    { label: t(`nav.${place.key}`), group: t("shortcuts.everywhere") },
    () => void navigate({ to: place.to }),
  );
  return null;
}
