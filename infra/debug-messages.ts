import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi's SDK reports each answer of the engine in a debug message, with secrets in the clear, and `pulumi up --json` and
 * event logs have debug messages always, not with --debug alone.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/runtime/resource.ts
 */
const log = createRequire(import.meta.url)("@pulumi/pulumi/log/index.js") as {
  debug: typeof pulumi.log.debug;
};
log.debug = () => Promise.resolve();
