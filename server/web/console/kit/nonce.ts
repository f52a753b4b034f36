import { setNonce } from "get-nonce";

/** The page's style nonce, written by the server into `<meta name="csp-nonce">`; undefined in development. */
export function pageNonce(): string | undefined {
  const value = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  return value && !value.startsWith("__") ? value : undefined;
}

/** Gives the nonce to the scroll lock of dialogs and menus, which adds a style element. Call once, first. */
export function installNonce(): void {
  const nonce = pageNonce();
  if (nonce) setNonce(nonce);
}
