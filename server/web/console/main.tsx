import "./kit/kit.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { installNonce } from "./kit/nonce";
import { Providers } from "./providers";
import { startI18n } from "./shared/i18n/i18n";
import { startTheme } from "./shared/theme/theme";

installNonce();
startTheme();
const root = document.getElementById("root");
if (root) {
  void startI18n().then(() =>
    createRoot(root).render(
      <StrictMode>
        <Providers />
      </StrictMode>,
    ),
  );
}
