// nat-simulator.js: what a NAT does with packets. Endpoints are text.
export const any = 'endpoint-independent';
export const address = 'address-dependent';
export const port = 'address-and-port-dependent';

const part = (dependence, end) =>
  ({ [any]: null, [address]: end.split(':')[0], [port]: end })[dependence];

export class Nat {
  table = [];
  next = 20000;
  constructor(outside, { mapping, filtering }) {
    Object.assign(this, { outside, mapping, filtering });
  }

  // A packet from the inside: what it is from, once it is outside.
  leave(from, to) {
    const toward = part(this.mapping, to);
    const isFor = (row) => row.inside === from && row.toward === toward;
    const row = this.table.find(isFor) ?? this.add(from, toward);
    row.permitted.add(part(this.filtering, to));
    return row.outside;
  }

  // A packet from the outside: whom it reaches. Nobody, if it is dropped.
  enter(from, to) {
    const row = this.table.find(({ outside }) => outside === to);
    if (row?.permitted.has(part(this.filtering, from))) return row.inside;
  }

  // The port is that of the inside, while it is free.
  add(inside, toward) {
    const own = `${this.outside}:${inside.split(':')[1]}`;
    const isTaken = this.table.some((row) => row.outside === own);
    const outside = isTaken ? `${this.outside}:${this.next++}` : own;
    const row = { inside, outside, toward, permitted: new Set() };
    this.table.push(row);
    return row;
  }
}
