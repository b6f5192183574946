// Intervals in time, their certain and possible parts drawn differently, as SVG.
export interface Interval {
  label: string;
  href?: string;
  /** Days, YYYY-MM-DD; what is missing is unbounded. */
  possibleFrom?: string;
  possibleUntil?: string;
  /** Both or neither. */
  certainFrom?: string;
  certainUntil?: string;
}
