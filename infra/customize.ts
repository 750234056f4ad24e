import type { Customize } from "./customizing.ts";

/**
 * The one file of this program that is yours to edit, and that no update of the project touches: it changes arguments
 * and options of any resource, and adds resources. `npm start` shows what it does.
 * Examples: docs/examples/customize.ts, explained in docs/customize.md.
 */
export const customize: Customize = () => {};
