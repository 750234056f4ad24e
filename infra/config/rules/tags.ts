import { shown } from "../shown.ts";
import { dateProblem } from "./no-text.ts";

/**
 * What a tag's key and value are made of. IAM states it for roles, and no service that the stack tags allows less.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The most tags of a resource, less the two that the stack gives some of its own. */
const mostTags = 48;

/**
 * What is wrong with tags that everything is to have, by the rules of the strictest service among those of a stack.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
 */
export function tagsProblem(tags: Readonly<Record<string, string | number | boolean>>): string | undefined {
  const entries = Object.entries(tags).map(([key, value]) => [key, String(value)] as const);
  if (entries.length > mostTags) return `has ${entries.length} tags; ${mostTags} is the most`;
  for (const [key, value] of entries) {
    const problem = keyProblem(key) ?? valueProblem(value);
    if (problem !== undefined) return `has a tag ${shown(key)} ${problem}`;
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
  const keys = entries.map(([key]) => key.toLowerCase());
  const twice = entries.find(([key], index) => keys.indexOf(key.toLowerCase()) !== index);
  return twice === undefined
    ? undefined
    : `has a tag ${shown(twice[0])} that differs from another one in capitals only, which is one to IAM`;
}

function keyProblem(key: string): string | undefined {
  if (key === "") return "that has no key";
  if (key.length > 128) return `whose key has ${key.length} characters; 128 is the most`;
  if (/^aws:/i.test(key)) return "whose key starts with aws:, which is AWS's own";
  if (!characters.test(key)) return `whose key holds a character that AWS refuses; ${legal}`;
  return undefined;
}

function valueProblem(value: string): string | undefined {
  if (value.length > 256) return `whose value has ${value.length} characters; 256 is the most`;
  if (/^aws:/i.test(value)) return "whose value starts with aws:, which is AWS's own";
  const date = dateProblem(value);
  if (date !== undefined) return `whose value ${date}`;
  if (!characters.test(value)) return `whose value holds a character that AWS refuses; ${legal}`;
  return undefined;
}

const legal = "letters, digits, spaces and _ . : / = + - @ are legal";
