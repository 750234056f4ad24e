import { expect, test } from "vitest";
import { notForZsh, notPasteable, notPortable } from "./portable.ts";

test.for([
  ["npm start -- dev --set nango:tags=[a]", "a glob"],
  ["npm start -- dev --set nango:size=*", "a glob"],
  ["npx pulumi login s3://bucket?region=eu-central-1", "a glob"],
  ["npm start -- {dev,production}", "braces"],
  ["npm start -- dev --set nango:allowedCidrs=a,b", "a list in PowerShell"],
  ["npm ci && npm start", "two commands in one line"],
  ["npm ci || npm start", "two commands in one line"],
  ["region=eu-central-1", "a variable"],
  ["AWS_PROFILE=mine npm start", "a variable before a command"],
  ["aws rds help --region $region", "a variable"],
  ["aws rds help --region `cat region`", "an old substitution"],
  ["aws rds help --region $(cat region)", "a substitution without quotes"],
  ['node -p "process.argv[1]!"', "history"],
  ["node -p 'require(\"fs\")'", "double quotes in single ones"],
  ["cat < ca.pem", "input from a file"],
  ["npm ci; until npm start; do npm ci; done", "a loop"],
  ["about() { npm start; }", "a function"],
  ["npm start | grep nango", "a program that Windows lacks"],
  ["npm start =dev", "a command of zsh"],
  ["cd ~me", "somebody's folder"],
])("%s is not portable: %s", ([script = ""]) => {
  expect(notPortable(script)).not.toEqual([]);
});

test.for([
  "npm start -- dev --set nango:size=medium",
  "npm start -- dev --set 'nango:allowedCidrs=[10.0.0.0/8]'",
  "export PULUMI_CONFIG_PASSPHRASE=...",
  "npx pulumi login file://~",
  'aws rds help --region "$(npx pulumi config get -s dev aws:region)"',
  "cat ca.pem | npx pulumi config set -s dev nango:trustedCaPem",
  "npm run --silent env -- dev > .env",
])("%s is portable", (script) => {
  expect([...notPortable(script), ...notPasteable(script)]).toEqual([]);
});

test.for([
  ["npm start # looks only", "a comment"],
  ["# looks only\nnpm start", "a comment"],
  ["npm start -- \\\n  dev", "a line that goes on"],
  ["cat <<END\nnpm start\nEND", "a here-document"],
  ["npm run up -- dev\nnpm run outputs -- dev", "a prompt that takes the next line"],
  ["npm run --silent destroy -- dev\nnpm ci", "a prompt that takes the next line"],
  ["npx pulumi up -s dev\nnpm ci", "a prompt that takes the next line"],
])("%s cannot be pasted: %s", ([script = ""]) => {
  expect(notPasteable(script)).not.toEqual([]);
});

test("a prompt that is answered is none", () => {
  expect(notPasteable("npm run up -- dev --yes\nnpm run outputs -- dev")).toEqual([]);
});

test.for(["parameters=$(aws rds help)", "path=/tmp", "ls *.pem"])("%s is not for zsh", (script) => {
  expect(notForZsh(script)).not.toEqual([]);
});
