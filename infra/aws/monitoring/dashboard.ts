import * as pulumi from "@pulumi/pulumi";
import { type AlarmDefinition, idOf, type Metric } from "./alarm.ts";

/** A row of graphs under a heading. */
export interface DashboardSection {
  readonly heading: string;
  readonly alarms: readonly AlarmDefinition[];
}

/** The grid's columns; three graphs stand side by side. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const columns = 24;
const graph = { width: 8, height: 6 };

/** The body of a dashboard: a graph for each alarm, with its threshold as a line, under headings. */
export function dashboardBody(
  sections: readonly DashboardSection[],
  { region, stack }: { readonly region: string; readonly stack: string },
): pulumi.Output<string> {
  let y = 0;
  const widgets: object[] = [];
  const heading = (markdown: string, height: number) => {
    widgets.push({ type: "text", x: 0, y, width: columns, height, properties: { markdown } });
    y += height;
  };
  heading(
    `# Nango ${stack}\nA line is the threshold of an alarm. What each means, and what to do: docs/monitoring.md of the project.`,
    2,
  );
  for (const { heading: title, alarms } of sections.filter((section) => section.alarms.length > 0)) {
    heading(`## ${title}`, 1);
    for (const [index, alarm] of alarms.entries()) {
      const x = (index * graph.width) % columns;
      if (index > 0 && x === 0) y += graph.height;
      widgets.push({ type: "metric", x, y, ...graph, properties: { ...properties(alarm), region } });
    }
    y += graph.height;
  }
  return pulumi.jsonStringify({ widgets });
}

function properties(alarm: AlarmDefinition) {
  const { title, of, expression, threshold, window } = alarm;
  const shown = Object.entries(alarm.metrics).map(([id, metric]) =>
    line(id, metric, expression === undefined),
  );
  return {
    title: of === undefined ? title : `${title} (${of})`,
    view: "timeSeries",
    period: window.period,
    metrics: [
      ...(expression === undefined ? [] : [[{ expression, id: "value", label: idOf(alarm) }]]),
      ...shown,
    ],
    annotations: { horizontal: [{ label: "alarm", value: threshold }] },
  };
}

/** A metric as the graph takes it: its namespace, its name, its dimensions one after another, and how it is shown. */
function line(id: string, { namespace, name, dimensions, statistic }: Metric, visible: boolean) {
  return [namespace, name, ...Object.entries(dimensions).flat(), { id, stat: statistic, visible }];
}
