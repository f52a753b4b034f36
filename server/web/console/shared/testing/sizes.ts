import { afterAll, beforeAll } from "vitest";

type Size = "offsetHeight" | "offsetWidth" | "clientHeight" | "scrollHeight";

/** Gives elements a size and lets them scroll: jsdom does neither, and virtual lists show only what is in view. */
export function withSizes({ view = 800, row = 72 } = {}): void {
  const kept: [Size, object, PropertyDescriptor | undefined][] = [];
  const define = (owner: object, name: Size, get: (this: HTMLElement) => number) => {
    kept.push([name, owner, Object.getOwnPropertyDescriptor(owner, name)]);
    Object.defineProperty(owner, name, { configurable: true, get });
  };
  const scrollTo = Element.prototype.scrollTo;
  beforeAll(() => {
    define(HTMLElement.prototype, "offsetHeight", function () {
      return this.dataset.index === undefined ? view : row;
    });
    define(HTMLElement.prototype, "offsetWidth", () => 400);
    define(Element.prototype, "clientHeight", () => view);
    define(Element.prototype, "scrollHeight", function () {
      const inner = this.firstElementChild;
      return Math.max(view, inner instanceof HTMLElement ? Number.parseFloat(inner.style.height) || 0 : 0);
    });
    Element.prototype.scrollTo = function (this: Element, options?: ScrollToOptions | number) {
      if (typeof options === "object" && options.top !== undefined) this.scrollTop = options.top;
      // As in browsers, the event comes after the call.
      queueMicrotask(() => this.dispatchEvent(new Event("scroll")));
    } as typeof scrollTo;
  });
  afterAll(() => {
    for (const [name, owner, descriptor] of kept) {
      if (descriptor) Object.defineProperty(owner, name, descriptor);
    }
    Element.prototype.scrollTo = scrollTo;
  });
}
