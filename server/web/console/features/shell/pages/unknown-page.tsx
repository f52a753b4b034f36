import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { EmptyState } from "@/kit/empty-state";
import { useTitle } from "@/shared/page/use-title";

/** An address that leads nowhere. */
export function UnknownPage() {
  const { t } = useTranslation();
  useTitle(t("unknown.title"));
  return (
    <main className="grid h-full place-items-center">
      <EmptyState
        art="ring"
        title={t("unknown.title")}
        text={t("unknown.text")}
        action={
          <Button asChild variant="primary">
            <Link to="/app/inbox">{t("unknown.back")}</Link>
          </Button>
        }
      />
    </main>
  );
}
