import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/kit/error-state";
import { useErrorText } from "@/shared/api/use-error-text";

/** A page that could not be shown: the server does not answer, or the page itself failed. */
export function FailedPage({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const router = useRouter();
  return (
    <main className="grid h-full place-items-center">
      <ErrorState
        title={t("errors.page")}
        error={errorText(error)}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
