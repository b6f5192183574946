// A graph of things and their relations, drawn by Cytoscape.
export interface GraphNode {
  id: string;
  label: string;
  /** What it is, for its colour: the label of its class. */
  kind?: string;
  /** Where a click leads. */
  href?: string;
  /** How large it is drawn, relative to the others. */
  weight?: number;
}

export interface GraphEdge {
  source: string;
  target: string;
  label: string;
  weight?: number;
  /** Whether it follows instead of being said by a source: drawn dashed. */
  inferred?: boolean;
}

export interface Drawn {
  destroy(): void;
}
