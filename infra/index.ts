import { readConfiguration } from "./config/index.ts";

const config = readConfiguration();

/** Loads the SDK of the stack's own target only. */
async function deploy() {
  if (config.target === "docker") {
    const { NangoOnDocker } = await import("./docker/nango-on-docker.ts");
    return new NangoOnDocker("nango", config).outputs;
  }
  const { NangoOnAws } = await import("./aws/nango-on-aws.ts");
  return new NangoOnAws("nango", config).outputs;
}

export default await deploy();
