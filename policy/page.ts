// The generated part of docs/policies.md.

import type { Policy } from "./policy.ts";
import { policies } from "./policies/index.ts";

function section({ name, level, promise, reason, remedy, link, givenUpBy = {} }: Policy): string {
  const settings = Object.entries(givenUpBy).map(([key, value]) =>
    value === "any" ? `\`nango:${key}\`` : `\`nango:${key}: ${value}\``,
  );
  const lines = [
    `${promise} (${level})`,
    `- Otherwise: ${reason}`,
    `- Remedy: ${remedy}`,
    ...(settings.length > 0 ? [`- Given up by ${settings.join(", ")}.`] : []),
    `- More: <${link}>`,
  ];
  return [`## ${name}`, lines[0], lines.slice(1).join("\n")].join("\n\n");
}

/** A section for each policy of the project. */
export function policySections(): string {
  return `${policies.map(section).join("\n\n")}\n`;
}
