// Where Pulumi enters the policy pack: it requires a CommonJS module.
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/cmd/run-policy-pack/run.ts

const path = require("node:path");

async function start() {
  const { importCompiled } = await import("../project/compiled.mjs");
  await importCompiled(path.join(__dirname, "pack.ts"));
}

start().catch((error) => {
  console.error(error.name === "UserError" ? error.message : error);
  process.exit(1);
});
