// What the library offers, with the documentation of every function. The modules beside it are checked against it.

/** What a graph shows. */
export interface LiveGraphOptions<Line extends string> {
  /** Words above it. */
  title: string;
  /** Of all its values, as the title has it in brackets; none without it. */
  unit?: string;
  /** The names of its lines: one to four, no two the same. */
  lines: readonly Line[];
  /** So much of the past can be seen: 1 to 3,600; 30 without it. */
  seconds?: number;
}

/** A graph in the page. */
export interface LiveGraph<Line extends string> {
  /**
   * Adds a value at this moment. The graph is drawn anew at most ten times a second, once a second for whoever wants less motion, and stands still while
   * no values come.
   * @param line One of the graph's lines.
   * @param value In the graph's unit. `NaN` and infinite ones are left out: the line goes on with the next value.
   * @throws RangeError if the graph has no such line
   * @throws TypeError if the value is no number
   */
  add(line: Line, value: number): void;
}

/**
 * Puts a graph at the end of the page: a curve for each line, over the last seconds, and a table with the last, least and greatest value of each since
 * the first. It has its size from the beginning, keeps 300 columns of a line however many values come, and ends with the run.
 * @throws RangeError for lines or seconds that are out of range
 */
export function liveGraph<const Line extends string>(options: LiveGraphOptions<Line>): LiveGraph<Line>;
