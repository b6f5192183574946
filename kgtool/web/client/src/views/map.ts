// Places on a map, drawn by Leaflet on outlines of countries that come with the page: no tiles from outside.
export interface Place {
  id: string;
  label: string;
  latitude: number;
  longitude: number;
  /** How many things are there, for the size of its circle. */
  count?: number;
  href?: string;
  kind?: string;
}

export interface DrawnMap {
  update(places: readonly Place[]): void;
  destroy(): void;
}
