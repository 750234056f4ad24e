import { test } from "vitest";
import { writeFileSync } from "node:fs";
import { settings } from "../infra/config/settings.ts";
import { parseAsPulumi, textOf } from "../project/yaml.ts";
import { parseConfiguration } from "../infra/config/parse.ts";
const base = { "aws:region": "eu-central-1", "nango:domain": "nango.acme.dev", "nango:hostedZone": "acme.dev" };
const V: Record<string,string> = { neg: "-1", zero: "0", huge: "999999999999", float: "2.5", text: "hello", empty: "''", ws: "'   '", nl: '"a\\nb"', tab: '"a\\tb"', lead: "' x'", trail: "'x '", uni: "ünïcode", emoji: "😀", rtl: '"\\u202Eabc"', zw: '"a\\u200Bb"', nbsp: '"a\\u00A0b"', nul: '"a\\0b"', esc: '"a\\eb"', longv: "x".repeat(3000), list: "[a, b]", emptylist: "[]", listnum: "[1]", listnull: "[~]", listlist: "[[a]]", map: "{a: b}", emptymap: "{}", mapnum: "{A: 1}", mapnull: "{A: ~}", mapmap: "{A: {B: c}}", bool: "true", nulls: "~", quote: "'a\"b'", apos: '"a\'b"', dollar: "$HOME", sub: '"$(id)"', tmpl: '"${x}"', back: "'a\\b'", star: "'*'", slash: "/", dots: "..", pct: "'%'", lt: "'<script>'", arn: "arn:aws:iam::123456789012:role/x", url: "http://x", ip: "10.0.0.1", ip6: "'::1'", uuid: "8a6e0804-2bd0-4672-b79d-d97027f9071a", undef: "undefined", nan: "NaN", yes: "yes", jsonstr: "'\"x\"'", jsonnum: "'5'", plus: "'+2'", lead0: "'02'", sp2: "'2 '", comma: "'1,000'", exp: "'1e3'", hexs: "'0x10'", fullw: "'２'", arab: "'٢'" };
test("x", () => {
  const out: string[] = [];
  for (const [k, s] of Object.entries(settings)) for (const [n, v] of Object.entries(V)) {
    let values: Record<string,string>;
    const file = { ...base, ...(s as any).target === "docker" ? {} : {}, } as Record<string, unknown>;
    const given = (parseAsPulumi(`k: ${v}`) as any).k;
    const target = (s as any).target === "docker" ? { "nango:target": "docker" } : file;
    values = Object.fromEntries(Object.entries({ ...target, [`nango:${k}`]: given }).map(([a, b]) => [a, textOf(b)]));
    try {
      const r = parseConfiguration({ stack: "dev", region: values["aws:region"], values: Object.fromEntries(Object.entries(values).filter(([a]) => a.startsWith("nango:")).map(([a, b]) => [a.slice(6), b])), secretKeys: new Set(s.secret ? [k] : []), others: Object.fromEntries(Object.entries(values).filter(([a]) => !a.startsWith("nango:"))) }, (t) => t);
      out.push(`ACCEPT ${k} ${n} ${v.slice(0,60)}  W: ${r.warnings.filter(w=>w.includes(k)).join(" / ").slice(0,150)}`);
    } catch (e) { const m = (e as Error).message; 
      if ((e as any).name !== "ConfigurationError") out.push(`CRASH ${k} ${n} ${m}`);
      for (const p of (e as any).problems ?? []) { const t: string = p.message;
        if (!t.includes(`nango:`)) out.push(`NOKEY ${k} ${n} ${t}`);
        if (!/npx pulumi config|--set/.test(t)) out.push(`NOCMD ${k} ${n} ${t.replaceAll("\n"," | ")}`);
        if (s.secret && v.length > 4 && t.includes(v.replace(/^['"]|['"]$/g,"")) && !t.includes(`not set`)) out.push(`LEAK ${k} ${n} ${t.slice(0,200)}`);
        if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/.test(t)) out.push(`CTRL ${k} ${n} ${JSON.stringify(t).slice(0,200)}`);
        if (t.length > 1500) out.push(`LONG ${k} ${n} ${t.length}`);
      } }
  }
  writeFileSync("/tmp/keys/tour.txt", out.join("\n"));
});
