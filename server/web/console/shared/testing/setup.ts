import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
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

beforeAll(() => startI18n());
beforeEach(() => window.localStorage.clear());
afterEach(cleanup);
