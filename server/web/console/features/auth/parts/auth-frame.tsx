import { Languages } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { setLanguage } from "@/shared/i18n/i18n";
import { LANGUAGES } from "@/shared/i18n/languages";
import { useTitle } from "@/shared/page/use-title";

/** The sign-in pages: a card on the paper ground, the product's ring beside it on wide screens. */
export function AuthFrame({
  title,
  text,
  children,
}: {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}) {
  const { t, i18n } = useTranslation();
  useTitle(title);
  return (
    <div className="grid h-full md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="hidden place-items-center overflow-hidden bg-rail md:grid" aria-hidden="true">
        <Scene />
      </div>
      <div className="flex min-h-0 flex-col overflow-y-auto">
        <div className="flex justify-end p-4">
          <label className="flex items-center gap-2 text-ink-2">
            <Languages className="size-4" aria-hidden="true" />
            <span className="sr-only">{t("me.language")}</span>
            <select
              value={i18n.language}
              onChange={(event) => {
                const language = LANGUAGES.find(({ code }) => code === event.target.value);
                if (language) void setLanguage(language.code);
              }}
              className="h-9 rounded-lg bg-canvas text-compact font-medium"
            >
              {LANGUAGES.map(({ code, name }) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-5 pb-16">
          <h1 className="text-display font-bold tracking-[-0.02em]">{title}</h1>
          {text && <p className="mt-2 text-pretty text-ink-2">{text}</p>}
          <div className="mt-7">{children}</div>
        </main>
      </div>
    </div>
  );
}

/** Bubbles and a ring: the parts of the product, no picture from elsewhere. */
function Scene() {
  return (
    <svg viewBox="0 0 420 420" className="w-4/5 max-w-md" aria-hidden="true">
      <circle cx="210" cy="210" r="168" fill="none" strokeWidth="3" className="stroke-rail-2" />
      <path
        d="M210 42a168 168 0 1 1-145.500 84"
        fill="none"
        strokeWidth="7"
        strokeLinecap="round"
        className="stroke-presence"
      />
      <rect x="92" y="120" width="176" height="58" rx="18" className="fill-rail-2" />
      <path
        d="M114 142h118M114 158h76"
        strokeWidth="5"
        strokeLinecap="round"
        className="stroke-rail-ink-2"
        opacity="0.6"
      />
      <rect x="150" y="196" width="186" height="58" rx="18" className="fill-brand-tint-2" />
      <path
        d="M172 218h120M172 234h64"
        strokeWidth="5"
        strokeLinecap="round"
        className="stroke-brand"
        opacity="0.55"
      />
      <rect x="92" y="272" width="128" height="42" rx="18" className="fill-rail-2" />
      <path
        d="M114 293h72"
        strokeWidth="5"
        strokeLinecap="round"
        className="stroke-rail-ink-2"
        opacity="0.6"
      />
    </svg>
  );
}
