export type Language = "en" | "es" | "pt-BR" | "fr" | "de" | "hi" | "ar" | "id";

/** The interface languages, each in its own name. */
export const LANGUAGES: { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
  { code: "pt-BR", name: "Português (Brasil)" },
  { code: "fr", name: "Français" },
  { code: "de", name: "Deutsch" },
  { code: "hi", name: "हिन्दी" },
  { code: "ar", name: "العربية" },
  { code: "id", name: "Bahasa Indonesia" },
];

export const directionOf = (language: string): "ltr" | "rtl" => (language === "ar" ? "rtl" : "ltr");

/** The first of the wished languages that we have, whatever its region; English otherwise. */
export function pickLanguage(wished: readonly (string | null | undefined)[]): Language {
  for (const wish of wished) {
    if (!wish) continue;
    const exact = LANGUAGES.find(({ code }) => code.toLowerCase() === wish.toLowerCase());
    if (exact) return exact.code;
    const base = wish.split("-")[0]?.toLowerCase();
    const near = LANGUAGES.find(({ code }) => code.split("-")[0]?.toLowerCase() === base);
    if (near) return near.code;
  }
  return "en";
}
