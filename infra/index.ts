// First: nothing may be registered before it.
import "./debug-messages.ts";
import "./error-stacks.ts";
import { readConfiguration } from "./config/index.ts";
import { customize } from "./customize.ts";
import { customizing } from "./customizing.ts";

const config = readConfiguration();
const customized = customizing(customize);

/** Pulumi calls it. Loads the SDK of the stack's own target only. */
export default async function deploy() {
  if (config.target === "docker") {
    const { NangoOnDocker } = await import("./docker/nango-on-docker.ts");
    const nango = new NangoOnDocker("nango", config);
    return { ...nango.outputs, ...customized.addedToDocker(nango) };
  }
  const { NangoOnAws } = await import("./aws/nango-on-aws.ts");
  const { findPlace } = await import("./aws/place.ts");
  const nango = new NangoOnAws("nango", config, await findPlace(config));
  return { ...nango.outputs, ...customized.addedToAws(nango) };
}
