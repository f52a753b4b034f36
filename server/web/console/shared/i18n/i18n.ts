import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { remember, remembered } from "../storage";
import { directionOf, type Language, pickLanguage } from "./languages";

// Each catalogue is a chunk of its own; only the one in use is loaded.
const catalogues = import.meta.glob<{ default: Record<string, unknown> }>("../../../locales/*.json");

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "app")) return;
  const catalogue = await catalogues[`../../../locales/${language}.json`]?.();
  if (catalogue) i18next.addResourceBundle(language, "app", catalogue.default);
}

/** Changes the interface language, remembers it in this browser and turns the page if it reads from the right. */
export async function setLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  remember("language", language);
}

/** Starts with the language of this browser; the person's own choice arrives with the session. */
export async function startI18n(): Promise<void> {
  const language = pickLanguage([remembered("language"), ...navigator.languages]);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: ["app"],
    defaultNS: "app",
    partialBundledLanguages: true,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await setLanguage(language);
}
