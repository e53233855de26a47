// @ts-check
// What the exercise “Repair a list of servers” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** Connections that have found a relayed address of their own. @param {import('../goals.js').Run} run */
const relayed = ({ model }) =>
  model.connections.filter(({ localCandidates }) =>
    localCandidates.some(({ text }) => / typ relay /.test(text)),
  );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The browser accepts the list, on both sides.',
    missed:
      'The constructor threw: the message in the console says at which server it stopped.',
    met: ({ model }) => model.connections.length >= 2,
  },
  {
    says: 'Each side gets a relay candidate.',
    missed:
      'Nothing throws when a server refuses. What does icecandidateerror say?',
    // At an address where this browser is lent no server, the rest of the list is to be repaired.
    met: (run) => relayed(run).length >= 2 || said(run, 'none at this address'),
  },
  {
    says: 'A message arrives.',
    missed: 'There is no other way than the relay.',
    met: (run) => arrived(run, ''),
  },
  {
    says: 'No server refuses the user.',
    missed: 'Error 401: the user name or the password is not as it was lent.',
    holds: ({ model }) =>
      model.connections.every(({ candidateErrors }) =>
        candidateErrors.every(({ value }) => !value.startsWith('401')),
      ),
  },
];
