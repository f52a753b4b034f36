import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import { ForbiddenState } from "@/kit/forbidden-state";
import { Page } from "@/shared/page/page";
import { useSession } from "@/shared/session/session";
import { SETTINGS } from "../model";
import { ApiKeysSection } from "../parts/api-keys-section";
import { ProfileSection } from "../parts/profile-section";
import { QuickRepliesSection } from "../parts/quick-replies-section";
import { UnknownSection } from "../parts/unknown-section";

const SECTIONS = {
  profile: ProfileSection,
  "quick-replies": QuickRepliesSection,
  "api-keys": ApiKeysSection,
};

/** Settings have a second column of pages; on phones it is a row above. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { page } = useParams({ from: "/app/settings/$page" });
  const { permissions } = useSession();
  const may = (needs: string[]) => needs.length === 0 || needs.some((need) => permissions.includes(need));
  const place = SETTINGS.find((each) => each.page === page);
  const Section = Object.entries(SECTIONS).find(([name]) => name === page)?.[1] ?? UnknownSection;
  const name = place ? t(`settings.${place.key}`) : t("unknown.title");
  return (
    <Page title={name} context={t("nav.settings")} flush>
      <div className="flex min-h-0 flex-1 flex-col md:flex-row">
        <nav
          aria-label={t("nav.settings")}
          className="shrink-0 overflow-x-auto border-line bg-surface max-md:border-b md:w-52 md:border-e"
        >
          <ul className="flex gap-1 p-2 md:flex-col md:p-3">
            {SETTINGS.filter((each) => may(each.needs)).map((each) => (
              <li key={each.page}>
                <Link
                  to="/app/settings/$page"
                  params={{ page: each.page }}
                  aria-current={each.page === page ? "page" : undefined}
                  className={cn(
                    "flex h-9 items-center gap-2.5 whitespace-nowrap rounded-lg px-2.5 text-compact font-medium text-ink-2 hover:bg-sunken hover:text-ink max-md:h-11",
                    each.page === page &&
                      "bg-brand-tint font-semibold text-brand hover:bg-brand-tint hover:text-brand",
                  )}
                >
                  <each.icon className="size-4" aria-hidden="true" />
                  {t(`settings.${each.key}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="scroll-thin min-h-0 flex-1 overflow-y-auto p-5 max-md:p-4">
          <div className="mx-auto grid max-w-3xl grid-cols-1 gap-4">
            {place && !may(place.needs) ? <ForbiddenState area={name} /> : <Section />}
          </div>
        </div>
      </div>
    </Page>
  );
}
