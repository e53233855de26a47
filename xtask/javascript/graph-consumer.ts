// A program that uses all of `live-graph` from strict TypeScript. It is compiled and never run. A line under `@ts-expect-error` must be refused.

import { liveGraph } from 'live-graph';
import type { LiveGraph, LiveGraphOptions } from 'live-graph';

const options: LiveGraphOptions<'sent'> = { title: 'Rate', unit: 'kbit/s', lines: ['sent'], seconds: 20 };
const rate: LiveGraph<'sent'> = liveGraph(options);
rate.add('sent', 5);

const graph = liveGraph({ title: 'Bytes', lines: ['sent', 'received'] });
graph.add('received', NaN);
// @ts-expect-error: the graph has no such line
graph.add('lost', 1);
// @ts-expect-error: it is no number
graph.add('sent', '1');
// @ts-expect-error: a graph has lines
liveGraph({ title: 'Nothing' });
