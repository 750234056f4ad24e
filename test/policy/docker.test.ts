// What a container of Docker may be told that gives its machine, or Nango, to others.
import { expect, test } from "vitest";
import type { Properties } from "../../project/values.ts";
import { objections } from "./objections.ts";

const CONTAINER = "docker:index/container:Container";

test.each<[Properties, string[]]>([
  [{ privileged: true }, ["is privileged"]],
  [{ networkMode: "host" }, ["shares its host: networkMode is host"]],
  [{ pidMode: "host", networkMode: "bridge" }, ["shares its host: pidMode is host"]],
  [{ capabilities: { adds: ["SYS_ADMIN"], drops: ["ALL"] } }, ["has the capability SYS_ADMIN"]],
  [
    { volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/docker.sock" }] },
    ["commands its machine: it mounts /var/run/docker.sock"],
  ],
  [
    { mounts: [{ type: "bind", source: "/run/docker.sock", target: "/docker.sock" }] },
    ["commands its machine: it mounts /run/docker.sock"],
  ],
  [{ volumes: [{ hostPath: "/var/run/" }] }, ["commands its machine: it mounts /var/run/"]],
  [{ volumes: [{ hostPath: "/" }] }, ["commands its machine: it mounts /"]],
  [{ volumes: [{ hostPath: "/etc" }] }, ["commands its machine: it mounts /etc"]],
  [{ volumes: [{ hostPath: "/etc/ssl/certs" }, { volumeName: "data" }] }, []],
  [{ devices: [{ hostPath: "/dev/sda" }] }, ["has the device /dev/sda"]],
  [{ securityOpts: ["seccomp=unconfined"] }, ["is not confined: seccomp=unconfined"]],
  [{ securityOpts: ["no-new-privileges:true"] }, []],
  [{ ports: [{ internal: 80 }], readOnly: false }, ["serves and writes to its own file system"]],
  [{ ports: [{ internal: 80 }], readOnly: true, volumes: [{ volumeName: "data" }] }, []],
])("a container of Docker with %j", (inputs, said) => {
  expect(objections("contained-containers", CONTAINER, inputs)).toEqual(said);
});

test.each<[Properties, string[]]>([
  [{ ports: [{ internal: 5432 }] }, ["publishes port 5432 to the network of the machine"]],
  [{ ports: [{ internal: 80, external: 8080 }] }, ["publishes port 8080 to the network of the machine"]],
  [{ ports: [{ internal: 80, ip: "127.0.0.1" }] }, []],
  [
    { publishAllPorts: true },
    ["publishes every port of its image to the network of the machine: publishAllPorts is true"],
  ],
  [{ networkMode: "host" }, ["listens on the network of the machine: networkMode is host"]],
])("the ports of a container of Docker with %j", (inputs, said) => {
  expect(objections("nothing-public", CONTAINER, inputs)).toEqual(said);
});

test("a dashboard is open with a test double in place of its authentication, and closed with accounts", () => {
  const said = (variables: Readonly<Record<string, string>>) =>
    objections("authenticated-data", CONTAINER, {
      command: ["node", "packages/server/dist/server.js"],
      envs: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    });
  const basic = { FLAG_AUTH_ENABLED: "false", NANGO_DASHBOARD_USERNAME: "acme" };
  expect(said({ ...basic, NANGO_DASHBOARD_PASSWORD: "correct=horse" })).toEqual([]);
  expect(said({ ...basic, NANGO_DASHBOARD_PASSWORD: "" })).toEqual([
    "opens its dashboard to everyone: FLAG_AUTH_ENABLED is false, and it has no NANGO_DASHBOARD_PASSWORD",
  ]);
  expect(said({ FLAG_AUTH_ENABLED: "true" })).toEqual([]);
  expect(said({ FLAG_AUTH_ENABLED: "true", CI: "1" })).toEqual([
    "opens its dashboard to everyone: CI replaces its authentication by a test double",
  ]);
});

test("a shell is not process 1 of what serves, unless an init is or it gives way", () => {
  const served = { ports: [{ internal: 80, ip: "127.0.0.1" }] };
  const said = (inputs: Properties) => objections("init-process", CONTAINER, { ...served, ...inputs });
  expect(said({ command: ["npm", "start"] })).toEqual(["starts with npm"]);
  expect(said({ command: ["npm", "start"], init: true })).toEqual([]);
  expect(said({ command: ["npm", "start"], ports: [] })).toEqual([]);
  expect(said({ entrypoints: ["sh", "-ec", "mkdir data\nexec server"] })).toEqual([]);
});
