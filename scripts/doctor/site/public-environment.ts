import { isRecord } from "../../../project/values.ts";
import { get, NoAnswer } from "./request.ts";
import type { Network, PublicEnvironment } from "./site.ts";

/**
 * Reads what Nango tells every browser; undefined when it cannot be read.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/v1/getEnvJs.ts
 */
export async function readPublicEnvironment(
  network: Network,
  url: URL,
): Promise<PublicEnvironment | undefined> {
  try {
    const { body } = await get(network, new URL("/env.js", url));
    const text = /^window\._env = (\{[\s\S]*\});/.exec(body)?.[1];
    const content: unknown = text === undefined ? undefined : JSON.parse(text);
    return isRecord(content) ? content : undefined;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
