import { fargateCpus, leastMemory } from "../rules/fargate.ts";
import { policyArnProblem } from "../rules/format.ts";
import { logRetentions } from "../rules/log-retention.ts";
import { legalSchedule, parseSchedule } from "../rules/schedule.ts";

import {
  flag,
  integer,
  integerAmong,
  optionalText,
  parsed,
  presetAmong,
  presetInteger,
  presetLimit,
} from "./setting.ts";

/** The settings of Nango's tasks. */
export const service = {
  replicas: presetInteger({
    target: "aws",
    change: ["in place"],
    least: 1,
    most: 50,
    description: "How many tasks run at least. More than one needs Redis.",
    example: "2",
  }),
  maxReplicas: presetInteger({
    target: "aws",
    change: ["restarts Nango"],
    least: 1,
    most: 50,
    description: "How many tasks automatic scaling may reach. Equal to replicas, there is no scaling.",
    example: "4",
  }),
  cpu: presetAmong({
    target: "aws",
    change: ["restarts Nango"],
    values: fargateCpus,
    description: "CPU of a task, in units of 1/1024 of a virtual processor.",
    example: "1024",
  }),
  memory: presetInteger({
    target: "aws",
    change: ["restarts Nango"],
    least: leastMemory,
    most: 122880,
    description:
      "Memory of a task, in MiB. Preset: that of the size, or the least that Fargate offers with cpu.",
    example: "2048",
  }),
  apiRateLimitPerMinute: presetLimit({
    change: ["restarts Nango"],
    // An API key that Nango does not know costs ten calls.
    least: 10,
    most: 10_000_000,
    description:
      "How many API calls a minute Nango answers, of all customers together; others get 429. Preset: what maxReplicas tasks of this cpu carry with something in reserve, 3000 in small, 24000 in medium, 72000 in large; 6000 with target docker. Off, nothing slows down whoever guesses passwords either.",
    example: "12000",
  }),
  stopped: flag({
    target: "aws",
    change: ["stops Nango"],
    default: false,
    description:
      "Whether Nango is stopped: everything stays, no task runs, and nothing migrates until it is started again.",
    example: "true",
  }),
  schedule: parsed({
    target: "aws",
    change: ["in place"],
    changeNote:
      "Changed or taken out while the stack is closed, it stays closed: deploy within the hours, or start the database first (docs/costs.md).",
    default: "none",
    legal: legalSchedule,
    description:
      "Office hours, for a stack that nobody needs at night: AWS stops the tasks and then the databases outside of them, and starts the databases first. Not for a stack whose tasks scale.",
    example: "mon-fri 08:00-19:00 Europe/Berlin",
    read: parseSchedule,
  }),
  spot: flag({
    target: "aws",
    change: ["restarts Nango"],
    default: false,
    description: "Whether tasks run on Fargate Spot, cheaper but stopped by AWS with two minutes' warning.",
    example: "true",
  }),
  executeCommand: flag({
    target: "aws",
    change: ["restarts Nango"],
    default: false,
    description:
      "Whether `aws ecs execute-command` can open a shell in the server. Its file system is then writable and its role may talk to Systems Manager.",
    example: "true",
  }),
  permissionsBoundaryArn: optionalText({
    target: "aws",
    change: ["in place"],
    legal: "none, or the ARN of an IAM policy",
    description:
      "The permissions boundary of both roles that the stack makes, where an organization demands one. `npm run permissions -- <stack> --boundary` prints the smallest that works.",
    example: "arn:aws:iam::123456789012:policy/nango-boundary",
    check: policyArnProblem,
  }),
  containerLogRetentionDays: integerAmong({
    target: "aws",
    change: ["in place"],
    values: logRetentions,
    default: 30,
    description: "How long CloudWatch keeps the containers' output and the databases' logs, in days.",
    example: "90",
  }),
  migrationTimeoutMinutes: integer({
    change: ["nothing"],
    least: 5,
    most: 240,
    default: 30,
    description: "How long the one-off migration task may take before a deployment fails, in minutes.",
    example: "60",
  }),
  clearMigrationLock: flag({
    change: ["nothing"],
    default: false,
    description:
      "Whether the next migration removes the lock that a killed migration left behind. Set it for one deployment.",
    example: "true",
  }),
};
