// The pictures of the report that README shows.

import path from "node:path";
import type { Browser } from "playwright-core";

const FOLDER = "docs/pictures";
const size = { width: 1200, height: 1060 } as const;

/** Draws the architecture of a report, as it stands on a screen, on light and on dark; answers the files. */
export async function draw(browser: Browser, report: string): Promise<string[]> {
  const files: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ viewport: size, colorScheme, reducedMotion: "reduce" });
    await page.goto(`file://${path.resolve(report)}#architecture`);
    const file = path.join(FOLDER, `report-${colorScheme}.png`);
    await page.screenshot({ path: file });
    await page.close();
    files.push(file);
  }
  return files;
}
