import { expect, test } from "vitest";
import { shownOutputs } from "../../../scripts/pulumi/shown-outputs.ts";

test("values come in the order of the reference, then what was added, then each command on a line of its own", () => {
  const text = shownOutputs({
    openShell: `docker exec nango sh -c 'echo "$HOME"'`,
    bucket: { name: "b", tags: ["x"] },
    apiKeyDev: "[secret]",
    url: "http://localhost:3003",
    tailLogs: "docker logs --follow nango-local-server",
  });
  expect(text).toBe(
    [
      "url        http://localhost:3003",
      "apiKeyDev  [secret]",
      'bucket     {"name":"b","tags":["x"]}',
      "",
      "tailLogs: Follows what the containers print.",
      "docker logs --follow nango-local-server",
      "",
      "openShell: Opens a shell in the server's container.",
      `docker exec nango sh -c 'echo "$HOME"'`,
      "",
    ].join("\n"),
  );
});

test("a command of any length is one line", () => {
  const command = `aws ecs execute-command ${"x ".repeat(300)}end`;
  expect(shownOutputs({ openShell: command }).split("\n")).toContain(command);
});
