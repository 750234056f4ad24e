/** The colours of a picture, as hexadecimal RGB. */
export interface Theme {
  readonly name: "light" | "dark";
  /** What the picture lies on. */
  readonly paper: string;
  /** What stands out from the paper: boxes, the frame of a terminal. */
  readonly surface: string;
  readonly line: string;
  readonly text: string;
  readonly faint: string;
  /** What the picture is about. */
  readonly accent: string;
  readonly accentSurface: string;
  /** What keeps data. */
  readonly data: string;
  readonly dataSurface: string;
  readonly red: string;
  readonly yellow: string;
  readonly green: string;
}

/** On GitHub's own papers. */
export const themes: readonly Theme[] = [
  {
    name: "light",
    paper: "#ffffff",
    surface: "#f6f8fa",
    line: "#8c959f",
    text: "#1f2328",
    faint: "#59636e",
    accent: "#0969da",
    accentSurface: "#ddf4ff",
    data: "#1a7f37",
    dataSurface: "#dafbe1",
    red: "#cf222e",
    yellow: "#9a6700",
    green: "#1a7f37",
  },
  {
    name: "dark",
    paper: "#0d1117",
    surface: "#161b22",
    line: "#6e7681",
    text: "#e6edf3",
    faint: "#9198a1",
    accent: "#58a6ff",
    accentSurface: "#121d2f",
    data: "#3fb950",
    dataSurface: "#12261e",
    red: "#ff7b72",
    yellow: "#d29922",
    green: "#3fb950",
  },
];
