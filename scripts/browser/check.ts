// A page in a real browser: what is wrong with it.

import path from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";

/** How a page is looked at. */
export interface View {
  readonly name: string;
  readonly width: number;
  readonly colorScheme: "light" | "dark";
  readonly media: "screen" | "print";
}

/** Both themes, a wide and a narrow screen, and paper. */
export const views: readonly View[] = [
  { name: "light", width: 1280, colorScheme: "light", media: "screen" },
  { name: "dark", width: 1280, colorScheme: "dark", media: "screen" },
  { name: "light-narrow", width: 390, colorScheme: "light", media: "screen" },
  { name: "dark-narrow", width: 390, colorScheme: "dark", media: "screen" },
  { name: "print", width: 800, colorScheme: "dark", media: "print" },
];

interface Looking {
  readonly view: View;
  /** @default no picture is kept */
  readonly picture?: string | undefined;
}

/** Everything that is wrong with the page of a file, in a line each. */
export async function problemsOf(
  browser: Browser,
  file: string,
  { view, picture }: Looking,
): Promise<string[]> {
  const { width, colorScheme, media } = view;
  // The page's own policy would keep the checks out, too.
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  const own = `file://${path.resolve(file)}`;
  page.on("request", (request) => {
    if (request.url() !== own) problems.push(`request: ${request.url()}`);
  });
  try {
    await page.emulateMedia({ media, colorScheme });
    await page.goto(own);
    if (media === "screen") problems.push(...(await tooWide(page, width)));
    if (picture !== undefined) await page.screenshot({ path: picture, fullPage: true });
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    return [...problems, ...(await stumbles(page))];
  } finally {
    await page.close();
  }
}

async function tooWide(page: Page, width: number): Promise<string[]> {
  const found = Number(await page.evaluate("document.documentElement.scrollWidth"));
  return found > width ? [`it is ${found} pixels wide on a screen of ${width}`] : [];
}

/** https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md */
async function stumbles(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        ({ target, failureSummary = "" }) =>
          `${id}: ${help}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`,
      ),
  );
}
