import { useNavigate } from "@tanstack/react-router";
import { Keyboard, Languages, LogOut, Smartphone, SunMoon, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/kit/avatar";
import { cn } from "@/kit/cn";
import { Menu, MenuChoice, MenuItem, MenuSeparator, SubMenu } from "@/kit/menu";
import type { ThemeChoice } from "@/shared/api/types";
import { LANGUAGES } from "@/shared/i18n/languages";
import { openSheet } from "@/shared/palette/palette";
import { useSession } from "@/shared/session/session";
import { useTheme } from "@/shared/theme/theme";
import { usePreferences, useSignOut } from "../api";

const THEMES: ThemeChoice[] = ["system", "light", "dark"];

/** Profile, language, theme, shortcuts, sign out. */
export function MeMenu({ folded, phone }: { folded?: boolean; phone?: boolean }) {
  const { t, i18n } = useTranslation();
  const { user, role, simulator_url } = useSession();
  const { choice } = useTheme();
  const { chooseLanguage, chooseTheme } = usePreferences();
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    <Menu
      side="top"
      className="w-60"
      trigger={
        <button
          type="button"
          className={cn(
            "flex w-full min-w-0 items-center gap-2.5 rounded-lg p-1.5 text-start",
            phone ? "hover:bg-sunken" : "hover:bg-rail-2",
            folded && "justify-center p-0.5",
          )}
        >
          <Avatar id={user.id} name={user.name} size={28} />
          {!folded && !phone && (
            <span className="min-w-0 flex-1">
              <span className="block truncate text-small font-semibold">{user.name}</span>
              <span className="block truncate text-micro font-normal text-rail-ink-2">
                {t(`me.role_${role}`)}
              </span>
            </span>
          )}
          {(folded || phone) && <span className="sr-only">{user.name}</span>}
          <span className="sr-only">{t("me.menu")}</span>
        </button>
      }
    >
      <MenuItem
        icon={<UserRound />}
        onSelect={() => void navigate({ to: "/app/settings/$page", params: { page: "profile" } })}
      >
        {t("me.profile")}
      </MenuItem>
      <SubMenu icon={<Languages />} label={t("me.language")}>
        <MenuChoice
          value={i18n.language}
          onValueChange={(value) => {
            const language = LANGUAGES.find(({ code }) => code === value);
            if (language) chooseLanguage(language.code);
          }}
          options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
        />
      </SubMenu>
      <SubMenu icon={<SunMoon />} label={t("me.theme")}>
        <MenuChoice
          value={choice}
          onValueChange={(value) => {
            const theme = THEMES.find((each) => each === value);
            if (theme) chooseTheme(theme);
          }}
          options={THEMES.map((theme) => ({ value: theme, label: t(`me.theme_${theme}`) }))}
        />
      </SubMenu>
      <MenuItem icon={<Keyboard />} hint="?" onSelect={openSheet} className="max-md:hidden">
        {t("shortcuts.title")}
      </MenuItem>
      {simulator_url && (
        <MenuItem icon={<Smartphone />} onSelect={() => window.open(simulator_url, "_blank", "noopener")}>
          {t("me.simulator")}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={<LogOut className="flip-rtl" />} onSelect={() => signOut.mutate()}>
        {t("me.sign_out")}
      </MenuItem>
    </Menu>
  );
}
