import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** The page of a module that the person may not see. `area` is the module's translated name. */
export function ForbiddenState({ area, action }: { area: string; action?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-16 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-sunken text-ink-2">
        <Lock className="size-5" aria-hidden="true" />
      </span>
      <h1 className="text-title font-bold">{t("kit.forbidden_title", { area })}</h1>
      <p className="text-ink-2">{t("kit.forbidden_text")}</p>
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
