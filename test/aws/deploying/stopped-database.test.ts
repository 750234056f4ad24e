import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { refuseStopped } from "../../../infra/aws/deploying/stopped-database.ts";

let server: Server;
let status = "available";
const asked: (string | null)[] = [];

/** RDS, as far as it tells of one database. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push(new URLSearchParams(await text(request)).get("DBInstanceIdentifier"));
    response.setHeader("content-type", "text/xml");
    response.end(
      `<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceStatus>${status}</DBInstanceStatus></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

test("a database that is there is migrated", async () => {
  await refuseStopped([pulumi.output("nango-database-1")]);
  expect(asked).toEqual(["nango-database-1"]);
});

test.each(["stopped", "stopping", "starting"])(
  "one that is %s is not, and the command starts it",
  async (is) => {
    status = is;
    await expect(refuseStopped([pulumi.output("nango-database-1")])).rejects.toThrow(
      new RegExp(
        `^The database nango-database-1 is ${is} \\(nango:schedule\\).*\\n.*\\n +aws rds start-db-instance --region [\\w-]+ --db-instance-identifier nango-database-1\n`,
      ),
    );
  },
);

test("without a schedule nobody asks", async () => {
  asked.length = 0;
  await refuseStopped([]);
  expect(asked).toEqual([]);
});
