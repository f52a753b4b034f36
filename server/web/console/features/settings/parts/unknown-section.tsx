import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { EmptyState } from "@/kit/empty-state";

export function UnknownSection() {
  const { t } = useTranslation();
  return (
    <EmptyState
      art="none"
      title={t("unknown.title")}
      text={t("unknown.text")}
      action={
        <Button asChild>
          <Link to="/app/settings/$page" params={{ page: "profile" }}>
            {t("settings.profile")}
          </Link>
        </Button>
      }
    />
  );
}
