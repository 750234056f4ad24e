import { vi } from "vitest";
import { WebSocket } from "ws";

/** What Nango's frontend SDK uses of a browser: one window, whose frames and popups are looked at from outside. */
export class Browser {
  /** The addresses that the page's frames show. */
  readonly frames: string[] = [];
  /** What the page posted to its frames. */
  readonly posted: unknown[] = [];
  /** The addresses that its popups were led to. */
  readonly popups: string[] = [];
  readonly #window = new EventTarget();

  /** Makes its globals the ones of this process; `vi.unstubAllGlobals` takes them back. `origin` is the page's. */
  constructor(origin: string) {
    const { fetch } = globalThis;
    vi.stubGlobal("fetch", (path: string, init?: RequestInit) => fetch(new URL(path, origin), init));
    vi.stubGlobal("WebSocket", WebSocket);
    vi.stubGlobal("window", {
      addEventListener: this.#window.addEventListener.bind(this.#window),
      removeEventListener: this.#window.removeEventListener.bind(this.#window),
      screen: { width: 1920, height: 1080 },
      open: () => this.#popup(),
    });
    vi.stubGlobal("document", {
      createElement: () => ({
        style: {},
        contentWindow: { postMessage: (data: unknown) => this.posted.push(data) },
      }),
      body: { style: {}, append: ({ src }: { src: string }) => this.frames.push(src) },
    });
  }

  /** What a frame of that origin says to the page. */
  say(origin: string, data: unknown): void {
    this.#window.dispatchEvent(new MessageEvent("message", { origin, data }));
  }

  #popup(): object {
    const { popups } = this;
    return {
      closed: false,
      close() {
        Object.assign(this, { closed: true });
      },
      set location(address: string) {
        popups.push(address);
        void fetch(address);
      },
    };
  }
}
