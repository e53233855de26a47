// @ts-check
// From a view of the server to the rows of the pairs. Pure.
//
// May import: needs.js.

import { names } from './needs.js';

/** @typedef {import('./host-view.js').Attendee} Attendee */

/** @typedef {{ id: string, name: string, members: string, state: string, locked: boolean }} PairRow */

/** The pairs by name. @param {import('./host-view.js').View} view @returns {PairRow[]} */
export function pairRows({ attendees, pairs }) {
  const byId = new Map(attendees.map((attendee) => [attendee.id, attendee]));
  return pairs
    .toSorted((a, b) => names.compare(a.name, b.name))
    .map(({ name, locked, members }) => {
      const known = members.flatMap((id) => byId.get(id) ?? []);
      return {
        id: name,
        name,
        members: known.map((one) => (one.here ? one.name : `${one.name} (not here)`)).join(', '),
        state: [connectionOf(known), locked && 'locked'].filter(Boolean).join(', '),
        locked,
      };
    });
}

/** What is known of the connections between its members: each tells only its own. @param {Attendee[]} members */
function connectionOf(members) {
  if (members.length < 2) return 'one alone';
  const told = members.filter(({ here, shares }) => here && shares);
  if (told.length === 0) return members.some(({ here }) => here) ? 'not shared' : 'nobody here';
  const connected = told.filter(({ way }) => way !== '');
  if (connected.length === 0) return 'not connected';
  const how = connected.some(({ way }) => way === 'relay') ? 'through the relay' : 'directly';
  // One end of two tells of both. Of three, each has to.
  const isWhole = members.length === 2 || connected.length === told.length;
  return isWhole ? `connected ${how}` : `connected in part, ${how}`;
}
