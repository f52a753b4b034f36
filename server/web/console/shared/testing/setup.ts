import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { startI18n } from "../i18n/i18n";

// What jsdom lacks and the kit's primitives call.
const never = () => undefined;
Object.assign(Element.prototype, {
  scrollIntoView: never,
  hasPointerCapture: () => false,
  setPointerCapture: never,
  releasePointerCapture: never,
});
// Virtual lists show what fits. jsdom measures nothing: here a window is 800 by 600 and a row 40 high.
const size = (value: number) => ({ configurable: true, get: () => value });
Object.defineProperties(HTMLElement.prototype, { offsetHeight: size(40), offsetWidth: size(800) });
Object.defineProperties(Element.prototype, { clientHeight: size(600), clientWidth: size(800) });
globalThis.ResizeObserver ??= class {
  observe = never;
  unobserve = never;
  disconnect = never;
};
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    addEventListener: never,
    removeEventListener: never,
  }) as unknown as MediaQueryList;

// Waiting ends as soon as the thing is there; this is only how long a busy machine may take.
configure({ asyncUtilTimeout: 8000 });

beforeAll(() => startI18n());
beforeEach(() => window.localStorage.clear());
afterEach(cleanup);
