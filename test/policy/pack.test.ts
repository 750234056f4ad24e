import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import type { AnalyzerClient as Client } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type * as messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policies } from "../../policy/policies/index.ts";
import { UNKNOWN, type Properties } from "../../project/values.ts";

const root = path.resolve(import.meta.dirname, "../..");
const load = createRequire(import.meta.url);
const sdk = createRequire(load.resolve("@pulumi/pulumi"));
const { AnalyzeRequest, AnalyzeStackRequest, AnalyzerResource, AnalyzerResourceOptions } = load(
  "@pulumi/pulumi/proto/analyzer_pb.js",
) as typeof messages;
const { AnalyzerClient } = load("@pulumi/pulumi/proto/analyzer_grpc_pb.js") as {
  AnalyzerClient: typeof Client;
};
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js") as {
  Struct: { fromJavaScript(value: object): never };
};
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => never };
const grpc = sdk("@grpc/grpc-js") as { credentials: { createInsecure(): never } };

let pack: ChildProcess;
let client: Client;

/** Starts the pack as Pulumi's language host does: in its own folder, with the stack's configuration. */
beforeAll(async () => {
  pack = spawn(
    process.execPath,
    [
      path.join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack"),
      "127.0.0.1:1",
      path.join(root, "policy"),
    ],
    {
      cwd: path.join(root, "policy"),
      env: { ...process.env, PULUMI_CONFIG: JSON.stringify({ "nango:allowDataLoss": "true" }) },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [port] = (await once(createInterface(pack.stdout!), "line")) as [string];
  client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
}, 60_000);

afterAll(() => {
  client.close();
  pack.kill();
});

type Answer<Response> = (error: Error | null, response: Response) => void;

function asked<Response>(call: (answer: Answer<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** What the pack says of a resource about to be made, as `policy: message`. */
async function onResource(type: string, properties: Properties): Promise<string[]> {
  const request = new AnalyzeRequest();
  request.setType(type);
  request.setName("acme");
  request.setUrn(`urn:pulumi:dev::nango::${type}::acme`);
  request.setProperties(Struct.fromJavaScript(properties));
  request.setOptions(new AnalyzerResourceOptions());
  const response = await asked<messages.AnalyzeResponse>((answer) => client.analyze(request, answer));
  return response.getDiagnosticsList().map((one) => `${one.getPolicyname()}: ${one.getMessage()}`);
}

test("the policy pack has the policies, with their levels", async () => {
  const info = await asked<messages.AnalyzerInfo>((answer) => client.getAnalyzerInfo(new Empty(), answer));
  expect(info.getName()).toBe("nango");
  const levels = { mandatory: 1, advisory: 0 };
  expect(info.getPoliciesList().map((one) => [one.getName(), one.getEnforcementlevel()])).toEqual(
    policies.map(({ name, level }) => [name, levels[level]]),
  );
});

test("it refuses a resource, and says what to do", async () => {
  const said = await onResource("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "NONE" });
  expect(said).toEqual([
    expect.stringMatching(
      /^nothing-public: .*\nIs a URL that anyone may call\. .*docs\/policies\.md#nothing-public$/,
    ),
  ]);
});

test("what is not known yet breaks nothing, and what is known beside it is judged", async () => {
  const statements = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }];
  expect(await onResource("aws:s3/bucketPolicy:BucketPolicy", { policy: UNKNOWN })).toEqual([]);
  const tags = { Name: "acme" };
  expect(await onResource("aws:ebs/volume:Volume", { encrypted: UNKNOWN, tags })).toEqual([]);
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  expect(await onResource("aws:s3/bucketPolicy:BucketPolicy", { policy, bucket: UNKNOWN })).toEqual([
    expect.stringContaining("Lets anyone s3:GetObject."),
  ]);
});

test("a setting that gives a promise up on purpose is heeded", async () => {
  const said = await onResource("aws:rds/instance:Instance", {
    backupRetentionPeriod: 7,
    deleteAutomatedBackups: false,
    storageEncrypted: false,
    tags: { Name: "acme" },
  });
  expect(said).toEqual([expect.stringMatching(/^encrypted-at-rest: /)]);
});

/** What the pack says of a stack of one resource, as the policy with its URN. */
async function onStack(type: string, properties: Properties): Promise<[string, string][]> {
  const made = new AnalyzerResource();
  made.setType(type);
  made.setName("acme");
  made.setUrn(`urn:pulumi:dev::nango::${type}::acme`);
  made.setOptions(new AnalyzerResourceOptions());
  made.setProperties(Struct.fromJavaScript(properties));
  const request = new AnalyzeStackRequest();
  request.setResourcesList([made]);
  const response = await asked<messages.AnalyzeResponse>((answer) => client.analyzeStack(request, answer));
  return response.getDiagnosticsList().map((one) => [one.getPolicyname(), one.getUrn()]);
}

test("several resources are judged together", async () => {
  const type = "aws:ec2/securityGroup:SecurityGroup";
  const ingress = [{ cidrBlocks: ["0.0.0.0/0"], protocol: "tcp", fromPort: 22, toPort: 22 }];
  expect(await onStack(type, { id: "sg-0123456789abcdef0", ingress })).toEqual([
    ["closed-network", `urn:pulumi:dev::nango::${type}::acme`],
  ]);
});

test("what a provider leaves open counts as the program asked for it", async () => {
  const type = "aws:lb/loadBalancer:LoadBalancer";
  const answered = { loadBalancerType: "network", internal: UNKNOWN };
  expect(await onStack(type, answered)).toEqual([]);
  await onResource(type, { loadBalancerType: "network" });
  expect(await onStack(type, answered)).toEqual([["closed-network", `urn:pulumi:dev::nango::${type}::acme`]]);
});
