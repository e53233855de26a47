// A program that uses all of `test-network` from strict TypeScript. It is compiled and never run. A line under `@ts-expect-error` must be refused.

import { openLab, openLine, withoutCandidates } from 'test-network';
import type {
  Behaviour,
  Conditions,
  Hop,
  Lab,
  LabPacket,
  Line,
  LinePacket,
  Mapping,
  Nat,
  Row,
  Step,
} from 'test-network';

const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];

// --- Lines

const conditions: Required<Conditions> = {
  loss: 1,
  burst: 2,
  delay: 3,
  jitter: 4,
  reorder: 5,
  duplicate: 6,
  rate: 7_000,
  queue: 8_000,
  cut: false,
};
const steps: Step[] = [
  { at: 2, set: { cut: true } },
  { at: 5, way: 'a-to-b', set: conditions },
];
const line: Line = await openLine({
  ...conditions,
  a_to_b: { loss: 3 },
  b_to_a: conditions,
  preset: 'train',
  seed: 7,
  timeline: steps,
  capture: true,
  not_loopback: false,
});
await openLine();
// @ts-expect-error: there is no such condition
await openLine({ dealy: 20 });

await b.setRemoteDescription(withoutCandidates(a.localDescription));
await line.join(a, b);
await line.trust(a.localDescription);
await line.trust(undefined, { type: 'answer', sdp: '' });
for (const candidate of [...line.forA, ...line.forB]) await a.addIceCandidate(candidate);
await line.set({ cut: true });
await line.set({ cut: false }, 'b-to-a');
// @ts-expect-error: a way has a name
await line.set({ cut: false }, 'up');
await line.play('cut at 2 s');
await line.play(steps);
await line.rebind('b');
// @ts-expect-error: a line has two ends
await line.rebind('c');
const { seconds, a_to_b, b: end, capture } = await line.read();
const share: number = a_to_b.statistics.lost.packets / a_to_b.statistics.entered.packets / seconds;
const isLocked: boolean = end.locked && capture.on && end.dropped.stranger === 0 && share > 0;
const { packets, dropped }: { packets: LinePacket[]; dropped: number } = await line.packets({ after: 5 });
const rows: Row[] = packets.flatMap(({ rows }) => rows);
await line.close();

// --- Labs

const behaviour: Required<Behaviour> = {
  mapping: 'endpoint-independent',
  filtering: 'address-and-port-dependent',
  port_preservation: true,
  hairpinning: false,
  timeout: 120,
  inbound_refresh: false,
};
const carrier: Nat = 'full-cone';
const lab: Lab = await openLab({ a: behaviour, b: { timeout: 5 }, carrier, turn: true, not_loopback: true });
// @ts-expect-error: each side has a NAT, if only an open one
await openLab({ a: 'open' });
await lab.join(a, b);
await lab.trust(a.localDescription, b.localDescription);
new RTCPeerConnection({ iceServers: [{ urls: [lab.stun.a, lab.stun.b] }] });
new RTCPeerConnection({ iceServers: lab.turn ? [lab.turn.a, lab.turn.b] : [] });
const { nats, a: host } = await lab.read();
const table: Mapping[] = nats.flatMap(({ table }) => table);
const sent: LabPacket[] = (await lab.packets()).packets;
const verdicts = sent.flatMap(({ hops }) =>
  hops.map(({ nat, verdict }: Hop) => [nat, 'dropped' in verdict ? verdict.dropped : verdict.passed.hairpinned]),
);
await lab.close();

export { dropped, host, isLocked, rows, table, verdicts };
