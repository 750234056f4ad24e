// What a stack on AWS consists of and who talks to whom, laid out by Graphviz.

import { instance } from "@viz-js/viz";
import { escaped } from "../../rehearsal/page/html.ts";
import type { Theme } from "./theme.ts";

type Kind = "outside" | "part" | "nango" | "data" | "service";

interface Node {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly about: string;
  /** Whether only some configurations have it. */
  readonly optional?: boolean;
}

interface Group {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly Node[];
  readonly groups?: readonly Group[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  readonly optional?: boolean;
}

const outside: readonly Node[] = [
  { id: "users", kind: "outside", title: "Your users", about: "browsers" },
  { id: "backend", kind: "outside", title: "Your backend", about: "with an API key" },
  { id: "apis", kind: "outside", title: "OAuth providers", about: "and their APIs" },
];

const account: Group = {
  id: "account",
  title: "your AWS account, one region",
  nodes: [
    { id: "secrets", kind: "service", title: "Secrets Manager", about: "one secret, by version" },
    { id: "logs", kind: "service", title: "CloudWatch Logs", about: "what containers print" },
  ],
  groups: [
    {
      id: "vpc",
      title: "VPC over two or three availability zones",
      nodes: [],
      groups: [
        {
          id: "entry",
          title: "public subnets",
          nodes: [{ id: "alb", kind: "part", title: "Load balancer", about: "HTTPS, two host names" }],
        },
        {
          id: "tasks",
          title: "ECS Fargate: tasks",
          nodes: [
            { id: "connect", kind: "nango", title: "Connect UI", about: "in the same task" },
            { id: "server", kind: "nango", title: "Nango server", about: "API, dashboard, proxy" },
            { id: "migrate", kind: "nango", title: "Migration", about: "before each new version" },
          ],
        },
        {
          id: "exit",
          title: "public subnets",
          nodes: [{ id: "nat", kind: "part", title: "NAT gateways", about: "none in small", optional: true }],
        },
        {
          id: "data",
          title: "subnets without a way out",
          nodes: [
            {
              id: "search",
              kind: "data",
              title: "OpenSearch",
              about: "nango:logs: opensearch",
              optional: true,
            },
            { id: "cache", kind: "data", title: "Valkey", about: "with more than one task", optional: true },
            { id: "database", kind: "data", title: "RDS Postgres", about: "standby in medium, large" },
          ],
        },
      ],
    },
  ],
};

const edges: readonly Edge[] = [
  { from: "users", to: "alb", label: "443" },
  { from: "backend", to: "alb", label: "443" },
  { from: "alb", to: "connect" },
  { from: "alb", to: "server" },
  { from: "secrets", to: "server", optional: true },
  { from: "server", to: "nat" },
  { from: "nat", to: "apis", label: "443" },
  { from: "server", to: "search", label: "TLS", optional: true },
  { from: "server", to: "cache", label: "TLS", optional: true },
  { from: "server", to: "database", label: "verified TLS" },
  { from: "migrate", to: "database", label: "verified TLS" },
  { from: "migrate", to: "logs", optional: true },
];

/** The picture as SVG. */
export async function architecture(theme: Theme): Promise<string> {
  const viz = await instance();
  const drawn = viz.renderString(graph(theme), { format: "svg", engine: "dot" });
  return polished(drawn, theme);
}

function graph(theme: Theme): string {
  const { paper, text, faint, line } = theme;
  return `digraph {
    graph [rankdir=LR bgcolor="${paper}" fontname="Helvetica" fontsize=12 fontcolor="${faint}" nodesep=0.22 ranksep=0.36 pad=0.05 newrank=true]
    node [shape=box style="rounded,filled" fontname="Helvetica" fontcolor="${text}" penwidth=1.2 margin="0.12,0.09"]
    edge [fontname="Helvetica" fontsize=10 fontcolor="${faint}" color="${line}" arrowsize=0.7 penwidth=1.2]
    ${outside.map((node) => box(node, theme)).join("\n")}
    ${cluster(account, theme)}
    ${edges.map(arrow).join("\n")}
  }`;
}

function cluster({ id, title, nodes, groups = [] }: Group, theme: Theme): string {
  const { surface, paper, line } = theme;
  const isInner = groups.length === 0;
  return `subgraph "cluster_${id}" {
    label="${title}" labeljust=l labelloc=${id === account.id ? "t" : "b"} style="rounded,filled" color="${line}" penwidth=${isInner ? 0.8 : 1.2}
    fillcolor="${isInner ? paper : surface}" margin=${isInner ? 11 : 14}
    ${nodes.map((node) => box(node, theme)).join("\n")}
    ${groups.map((group) => cluster(group, theme)).join("\n")}
  }`;
}

function box({ id, kind, title, about, optional = false }: Node, theme: Theme): string {
  const [border, fill] = {
    outside: [theme.line, theme.surface],
    part: [theme.line, theme.surface],
    service: [theme.line, theme.paper],
    nango: [theme.accent, theme.accentSurface],
    data: [theme.data, theme.dataSurface],
  }[kind] as [string, string];
  const label = `<<b>${escaped(title)}</b><br/><font point-size="10.5" color="${theme.faint}">${escaped(about)}</font>>`;
  return `${id} [label=${label} color="${border}" fillcolor="${fill}" style="rounded,filled${optional ? ",dashed" : ""}"]`;
}

function arrow({ from, to, label, optional = false }: Edge): string {
  const attributes = [
    ...(label === undefined ? [] : [`label=" ${label} "`]),
    ...(optional ? ["style=dashed"] : []),
  ];
  return `${from} -> ${to} [${attributes.join(" ")}]`;
}

/** Takes out what Graphviz says of itself, and names fonts that browsers have. */
function polished(svg: string, { name }: Theme): string {
  const [, width = "", height = ""] = /<svg width="(\d+)pt" height="(\d+)pt"/.exec(svg) ?? [];
  return svg
    .replace(/^.*?<svg [^>]*viewBox="([^"]*)"[^>]*>/s, (_, box: string) =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${width}" height="${height}" role="img">`,
        `<title>Nango on AWS, ${name}: users and backend reach a load balancer, behind it Nango's tasks, behind those the databases</title>`,
      ].join("\n"),
    )
    .replaceAll(/<!--.*?-->\n/gs, "")
    .replaceAll(/<title>[\w:&#;-]*<\/title>\n/g, "")
    .replaceAll('font-family="Helvetica"', 'font-family="Helvetica, Arial, sans-serif"');
}
