import { chmodSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  complete,
  executable,
  fakeCli,
  folder,
  packagedVersion,
  projectsOfTheirOwn,
  run,
  runAlone,
  stackResource,
  write,
  writeOutputs,
  writeState,
} from "./pulumi/fake-cli.ts";
import { resource } from "./pulumi/state.ts";

projectsOfTheirOwn();

const exported = "stack export --stack dev --non-interactive";
const readOutputs = "stack output --stack dev --json";

describe("with everything there", () => {
  beforeEach(() => void write("backend/dev", ""));

  test.each([
    [
      ["preview", "dev"],
      ["stack select dev --non-interactive", "preview --stack dev"],
    ],
    [
      ["up", "dev", "--yes", "--refresh"],
      ["stack select dev --non-interactive", "up --stack dev --yes --refresh", readOutputs],
    ],
    [
      ["destroy", "dev", "--skip-preview"],
      [exported, "destroy --stack dev --skip-preview"],
    ],
    [
      ["outputs", "dev", "--json"],
      [exported, "stack output --stack dev --json"],
    ],
  ])("%j calls the CLI with %j", async (args, calls) => {
    writeState([stackResource({ url: "https://nango.example.com" })]);
    const result = await run(args);
    expect(result).toMatchObject({ code: 0, stderr: "", calls });
  });

  test("a deployment that ends well says where Nango is", async () => {
    writeOutputs({ url: "https://nango.acme.dev" });
    const { stdout } = await run(["up", "dev"]);
    expect(stdout).toMatch(/\nNango is at +https:\/\/nango\.acme\.dev\n/);
  });

  test("the CLI's exit code is passed on, and its language hosts come first in the PATH", async () => {
    writeOutputs({ url: "https://nango.acme.dev" });
    const result = await runAlone(["up", "dev"], { FAKE_EXIT: "255" });
    expect(result.stdout).not.toContain("Nango is at");
    expect(result.code).toBe(255);
    expect(result.stdout).toMatch(`running with ${path.join(folder, "bin")}:`);
  });

  test("Ctrl-C leaves the end to the CLI", async () => {
    const result = await runAlone(["up", "dev"], { FAKE_TICKS: "6" }, (kill) => kill("SIGINT"));
    expect(result.code).toBe(0);
  });

  test("a request to terminate is passed on to the CLI, which ends in good order", async () => {
    const result = await runAlone(["up", "dev"], { FAKE_TICKS: "600" }, (kill) => kill("SIGTERM"));
    expect(result).toMatchObject({ code: 7, stdout: expect.stringContaining("cleaned up") });
  });
});

describe("a stack", () => {
  test("that has no file is not known, and the nearest ones are named first", async () => {
    const result = await run(["up", "prod"]);
    expect(result).toMatchObject({ code: 1, calls: [] });
    expect(result.stderr).toMatch(/no stack 'prod'.*dev.*production|no stack 'prod'.*production.*dev/);
    expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each([
    [["up"], "<stack> is missing: one of dev, production"],
    [["up", "--yes", "dev"], "The stack comes first, before --yes"],
  ])("has to be named: %j", async (args, message) => {
    const result = await run(args);
    expect(result).toMatchObject({ code: 64, calls: [] });
    expect(result.stderr).toMatch(
      new RegExp(`^${message}\\.\nUsage: npm run up -- <stack> \\[flags of npx pulumi up\\]\n`),
    );
  });

  test("needs no credentials and no backend for help", async () => {
    for (const args of [["--help"], ["dev", "-h"]]) {
      const result = await run(["up", ...args], { HOME: folder, PULUMI_BACKEND_URL: "" });
      expect(result).toMatchObject({ code: 0, calls: [], stderr: "" });
      expect(result.stdout).toMatch(/^npm run up -- <stack> .*\n\nDeploys a stack/);
    }
  });

  test("that is new to the backend is made there, once", async () => {
    const first = await run(["up", "dev"]);
    expect(first.stderr).toBe('Stack "dev" is new in the state backend file://~/.nango-state: making it.\n');
    expect(first.calls.slice(1)).toEqual(["stack init dev", "up --stack dev", readOutputs]);
    const second = await run(["up", "dev"]);
    expect(second.stderr).toBe("");
  });

  test("is made with the secrets provider of its file, which the CLI would drop", async () => {
    write(
      "stacks/Pulumi.dev.yaml",
      "secretsprovider: awskms://alias/nango?region=eu-central-1\nconfig: {}\n",
    );
    const result = await run(["preview", "dev"]);
    expect(result.calls[1]).toBe(
      "stack init dev --secrets-provider awskms://alias/nango?region=eu-central-1",
    );
  });

  test.each(["encryptionsalt: v1:abc", "encryptedkey: abc\nsecretsprovider: awskms://alias/nango"])(
    "that was made in another backend is not made again (%s)",
    async (secrets) => {
      write("stacks/Pulumi.dev.yaml", `${secrets}\nconfig: {}\n`);
      const result = await run(["up", "dev"]);
      expect(result).toMatchObject({ code: 1, calls: ["stack select dev --non-interactive"] });
      expect(result.stderr).toMatch(
        /^Stack "dev" was made before.*npx pulumi login.*npx pulumi stack init dev.*\n$/,
      );
    },
  );

  test("is not made while the backend cannot be read", async () => {
    const result = await run(["up", "dev"], { FAKE_ERROR: "unable to open the bucket" });
    expect(result).toMatchObject({ code: 255, calls: ["stack select dev --non-interactive"] });
    expect(result.stderr).toBe("error: unable to open the bucket\n");
  });

  test("may be called by its full name", async () => {
    writeState([stackResource({ url: "https://nango.example.com" })]);
    const result = await run(["outputs", "acme/nango/dev"]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.calls.at(-1)).toBe("stack output --stack acme/nango/dev --json");
  });
});

test.each([
  ["preview", ["passphrase", "AWS credentials"]],
  ["up", ["passphrase", "AWS credentials"]],
  ["destroy", ["passphrase", "AWS credentials"]],
  ["outputs", ["passphrase"]],
])("all that %s lacks is told at once, a line each", async (command, lacks) => {
  const none = { PULUMI_CONFIG_PASSPHRASE: undefined, AWS_ACCESS_KEY_ID: undefined };
  const result = await run([command, "dev"], none);
  expect(result).toMatchObject({ code: 1, calls: [] });
  const lines = result.stderr.trimEnd().split("\n");
  expect(lines).toEqual(lacks.map((word) => expect.stringContaining(word)));
});

const protectedStack = [
  stackResource({}),
  resource("aws:rds/instance:Instance", "nango-database", { protect: true }),
];

test("a protected stack is not destroyed, whatever the flags: the CLI is not even started", async () => {
  writeState(protectedStack);
  const result = await run(["destroy", "dev", "--yes", "--skip-preview"]);
  expect(result).toMatchObject({ code: 1, calls: [exported] });
  expect(result.stderr).toMatch(
    /^Stack "dev" is protected: nothing was deleted\..*rds\.Instance nango-database/s,
  );
});

test("nothing is destroyed while the state cannot be read", async () => {
  const result = await run(["destroy", "dev", "--yes"], { FAKE_ERROR: "unable to open the bucket" });
  expect(result).toMatchObject({ code: 1, calls: [exported], stderr: "error: unable to open the bucket\n" });
});

test("a failure is explained by what the CLI logged and by the state that it left", async () => {
  write("backend/dev", "");
  writeState(protectedStack, [{ type: "updating", resource: protectedStack[1]! }]);
  const failing = { FAKE_EXIT: "255", FAKE_TICKS: "6" };
  const result = await runAlone(["up", "dev"], failing, (kill) => kill("SIGINT"));
  expect(result.code).toBe(255);
  expect(result.stderr).toMatch(/The update was interrupted\..*updating rds\.Instance nango-database/s);
});

test("the outputs are shown to people in plain lines", async () => {
  writeState([stackResource({ url: "https://nango.acme.dev" })]);
  writeOutputs({ url: "https://nango.acme.dev", tailLogs: `aws logs "$(x)"` });
  const shown = await run(["outputs", "dev", "--show-secrets"]);
  expect(shown.stdout).toMatch(/^url {2}https:\/\/nango\.acme\.dev\n\ntailLogs: .*\naws logs "\$\(x\)"\n$/);
  expect(shown.calls.at(-1)).toBe(`${readOutputs} --show-secrets`);
});

test.each(["outputs", "destroy"])(
  "%s says what to do for a stack that the backend does not have",
  async (action) => {
    const result = await run([action, "dev"], { FAKE_ERROR: "no stack named 'dev' found" });
    expect(result).toMatchObject({ code: 1, stdout: "", calls: [exported] });
    expect(result.stderr).toMatch(
      /^The state backend file:.* has no stack "dev"\. Deploy it: npm run up -- dev\./,
    );
  },
);

test("the outputs of a stack that has none are what is there", async () => {
  writeState(protectedStack);
  const result = await run(["outputs", "dev"]);
  expect(result).toMatchObject({ code: 1, stdout: "", calls: [exported] });
  expect(result.stderr).toContain("There is 1 resource:\n  1 rds.Instance\n");
});

test("a stack on Docker is deployed on the engine that was found, which is looked at first", async () => {
  write(
    "stacks/Pulumi.dev.yaml",
    "config:\n  nango:target: docker\n  nango:dockerServerPort: 39513\n  nango:dockerConnectPort: 39519\n",
  );
  write("backend/dev", "");
  write(
    "bin/docker",
    `#!/bin/sh\ncase "$*" in *context*) echo "colima unix:///colima.sock";; *version*) echo '{"ApiVersion":"1.41"}';; esac`,
  );
  chmodSync(path.join(folder, "bin/docker"), 0o755);
  const result = await run(["up", "dev", "--yes"], {
    DOCKER_CONTEXT: "colima",
    AWS_ACCESS_KEY_ID: undefined,
  });
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(result.calls).toEqual([
    "stack select dev --non-interactive",
    exported,
    "up --stack dev --yes --refresh",
    readOutputs,
  ]);
  expect(result.stdout).toContain("on the engine unix:///colima.sock, context none\n");
});

describe("the Pulumi CLI", () => {
  beforeEach(() => writeState([stackResource({ url: "https://nango.example.com" })]));
  const packaged = `versions/${packagedVersion}/bin/pulumi`;

  test("of the npm package is used when none is installed", async () => {
    executable(`home/.pulumi/${packaged}`);
    const result = await runAlone(["outputs", "dev"], { PATH: "/usr/bin:/bin" });
    expect(result).toMatchObject({ code: 0, stderr: "", calls: [exported, readOutputs] });
  });

  test("of the npm package is used when the installed one is too old", async () => {
    executable("home/.pulumi/" + packaged);
    write(
      "home/.pulumi/" + packaged,
      fakeCli
        .replace("FAKE_VERSION", "NO_VERSION")
        .replace('case "$1 $2" in', 'case "$1 $2" in\n  "stack output") echo packaged ;;'),
    );
    const result = await runAlone(["outputs", "dev", "url"], { FAKE_VERSION: "3.99.0" });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("packaged") });
  });

  test("that cannot be downloaded is explained", async () => {
    const result = await runAlone(["outputs", "dev"], { PATH: "/usr/bin:/bin" });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /The Pulumi CLI cannot be downloaded from get\.pulumi\.com \(.*fetch failed\): .*3\.238\.0/,
    );
  });

  test("that is too old everywhere is explained", async () => {
    executable("home/.pulumi/versions/3.99.0/bin/pulumi");
    const result = await runAlone(["outputs", "dev"], { FAKE_VERSION: "3.99.0", PULUMI_VERSION: "3.99.0" });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /is version 3\.99\.0 of the Pulumi CLI, but the project needs 3\.238\.0 or newer: unset PULUMI_VERSION/,
    );
  });

  test("is not the npm package's command, which `npm run` puts first into the PATH", async () => {
    executable("node_modules/.bin/pulumi");
    write("node_modules/.bin/pulumi", "#!/bin/sh\nexit 9\n");
    const result = await run(["outputs", "dev"], {
      PATH: `${folder}/node_modules/.bin:${complete()["PATH"]}`,
    });
    expect(result.code).toBe(0);
  });
});
