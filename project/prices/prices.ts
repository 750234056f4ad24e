import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A price of AWS's list: on demand, without free tier, tax and discounts. */
export interface Price {
  /** US dollars for one unit. */
  readonly usd: number;
  /** The day of the newest source, as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly asOf: string;
  /** The sources that agree, by their keys in sources.json. */
  readonly from: readonly string[];
  /** AWS changes it with supply. */
  readonly varies?: boolean;
  /** How it was computed where no source gives it. */
  readonly derived?: string;
}

/** The prices of a region by what is paid for, such as `rds.db.t4g.micro.single`; the end of a key is its unit. */
export type PriceList = Readonly<Record<string, Price>>;

const folder = import.meta.dirname;

/** The regions whose prices are known here. */
export const pricedRegions: readonly string[] = readdirSync(folder)
  .flatMap((file) => /^([a-z]+-[a-z]+-\d)\.json$/.exec(file)?.[1] ?? [])
  .sort();

/** The prices of a region; undefined for one whose prices are not known here. */
export function pricesOf(region: string): PriceList | undefined {
  if (!pricedRegions.includes(region)) return undefined;
  return JSON.parse(readFileSync(path.join(folder, `${region}.json`), "utf8")) as PriceList;
}
