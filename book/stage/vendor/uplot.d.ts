// What the stage uses of the vendored plots; the types of the whole are in the npm package `uplot`.

export class UPlot {
  constructor(options: object, data: readonly unknown[], box: HTMLElement);
  readonly width: number;
  setSize(size: { width: number; height: number }): void;
  setData(data: readonly unknown[]): void;
  destroy(): void;
}
