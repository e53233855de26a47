// @ts-check
// “A bad line”: leads connections over lines of the server. What a connection gives away, and what it gets of the other side, names the ports
// of its line in place of all candidates (line-text.js), so there is no way around it. One side is enough: the first that sets a description
// has the line, and its descriptions carry a mark by which the other side, if this is switched on there too, knows to leave everything as
// it is. The page opens lines, changes them and ends them (stage/line/server-lines.js).
//
// A line has to be open before the browser gathers. While it is being opened, calls of the negotiation wait, in their order.
//
// May import: line-text.js.

import { lineText } from './line-text.js';

/** @param {any} stage what the runner shares @param {import('./break.js').Natives} natives */
export function createLine(stage, { NativeConnection, NativeDescription, NativeCandidate }) {
  const { apply, construct, faults, line, recorder, standIn } = stage;
  const { FAULT, tell } = line;
  const { getter, then } = recorder;
  const connection = NativeConnection?.prototype ?? {};
  const localDescriptionOf = getter(connection, 'localDescription');
  const remoteDescriptionOf = getter(connection, 'remoteDescription');
  const signalingStateOf = getter(connection, 'signalingState');
  const typeOf = getter(NativeDescription?.prototype ?? {}, 'type');
  const sdpOf = getter(NativeDescription?.prototype ?? {}, 'sdp');
  const [textOf, midOf, indexOf, fragmentOf] = ['candidate', 'sdpMid', 'sdpMLineIndex', 'usernameFragment'].map(
    (name) => getter(NativeCandidate?.prototype ?? {}, name),
  );

  /** @typedef {{ address: string, port: number }} End */

  /**
   * How a connection takes part.
   * @typedef {object} Way
   * @property {string} on the connection
   * @property {boolean} isOwner it has a line. Otherwise everything passes as it is.
   * @property {{ a: End, b: End } | undefined} ends `a` is where this side sends to, `b` where the other side does
   * @property {Promise<void> | undefined} opened settled when the line is open, or refused; undefined before it is asked for
   * @property {() => void} settle
   * @property {boolean} isSettled
   * @property {number} waiting calls that wait for it
   * @property {Set<string>} given where candidates were given away: one for each user name and media section
   * @property {Map<string, string>} made the newest offer and answer: as the code got them, and as the browser made them
   * @property {boolean} isPair both sides are on this page
   */

  /** @type {WeakMap<object, Way>} */
  const ways = new WeakMap();
  /** Those that are being opened, by connection. @type {Map<string, Way>} */
  const opening = new Map();
  /** What the code gets in place of an event's candidate. @type {WeakMap<object, object>} */
  const replaced = new WeakMap();
  let isInstalled = false;

  /**
   * The line of a connection. One that has begun without stays without.
   * @param {object} pc @param {string} on @param {boolean} isPair both sides are on this page
   * @returns {Way | undefined}
   */
  function wayOf(pc, on, isPair) {
    let way = ways.get(pc);
    if (!way) {
      if (!faults.has(FAULT)) return undefined;
      const isOwner = !localDescriptionOf(pc) && !remoteDescriptionOf(pc);
      way = {
        on,
        isOwner,
        ends: undefined,
        opened: undefined,
        settle: () => {},
        isSettled: false,
        waiting: 0,
        given: new Set(),
        made: new Map(),
        isPair,
      };
      ways.set(pc, way);
      install();
    }
    return way.isOwner || way.waiting > 0 ? way : undefined;
  }

  /**
   * @typedef {object} Call of a method of a connection, on its way to the browser
   * @property {string} name
   * @property {object} pc
   * @property {any[]} args
   * @property {string} [fault] which has changed it already
   * @property {(fault?: string, init?: object, reshape?: (result: any) => any) => Promise<unknown>} deliver to the browser, as it is or changed
   */

  /** Makes a call when the line is there. @param {Way} way @param {Call} call @returns {Promise<unknown>} */
  function pass(way, call) {
    const { name, pc, args } = call;
    // Now, as the browser would: the code may change its object later.
    const init = converted(name, args[0]);
    const setsDescription = /^set/.test(name) && (!init || typeOf(init) !== 'rollback');
    if (name === 'setRemoteDescription' && init && typeOf(init) === 'offer' && lineText.isMarked(sdpOf(init)))
      leave(way);
    if (setsDescription && way.isOwner && !way.opened) open(way, name, init);
    const isClosed = signalingStateOf(pc) === 'closed';
    if (!way.opened || isClosed || (way.isSettled && way.waiting === 0)) return make(way, call, init);
    way.waiting += 1;
    return new Promise((resolve) =>
      then(way.opened, () => {
        way.waiting -= 1;
        // What the browser does not get to before a connection is closed stays without an answer.
        if (signalingStateOf(pc) !== 'closed') resolve(make(way, call, init));
      }),
    );
  }

  /** @param {Way} way @param {Call} call @param {any} init */
  function make(way, { name, pc, args, fault, deliver }, init) {
    if (!way.isOwner) return deliver(fault, init);
    switch (name) {
      case 'createOffer':
      case 'createAnswer': {
        const give = (/** @type {any} */ description) => giveMade(way, description);
        const [success] = args;
        if (typeof success !== 'function') return deliver(fault, undefined, give);
        // As code called it before there were promises.
        args[0] = (/** @type {any} */ description) => apply(success, undefined, [give(description)]);
        break;
      }
      case 'setLocalDescription': {
        const result = deliver(fault, init && asMade(way, init));
        then(
          result,
          () => tellCredentials(way, 'a', sdpOf(localDescriptionOf(pc) ?? init)),
          () => {},
        );
        return result;
      }
      case 'setRemoteDescription': {
        if (!init) break;
        const sdp = sdpOf(init);
        tellCredentials(way, 'b', sdp);
        const got = way.ends ? lineText.got(sdp, way.ends.a) : sdp;
        return deliver(fault ?? (got === sdp ? undefined : FAULT), describing(typeOf(init), got));
      }
      case 'addIceCandidate': {
        const text = init && textOf(init);
        if (text && way.ends) return deliver(fault ?? FAULT, renamed(init, way.ends.a));
      }
    }
    return deliver(fault, init);
  }

  /** The dictionary of a call, read as the browser reads it. @param {string} name @param {any} given */
  function converted(name, given) {
    const Native = name === 'addIceCandidate' ? NativeCandidate : /^set/.test(name) ? NativeDescription : undefined;
    if (!Native || !given) return undefined;
    try {
      return construct(Native, [given], Native);
    } catch {
      return undefined; // The browser will say what is wrong with it.
    }
  }

  /** @param {string} type @param {string} sdp */
  const describing = (type, sdp) => construct(NativeDescription, [{ type, sdp }], NativeDescription);

  /** A candidate at another address. @param {object} candidate @param {End} end */
  const renamed = (candidate, end) =>
    construct(
      NativeCandidate,
      [
        {
          candidate: lineText.candidate(end, textOf(candidate)),
          sdpMid: midOf(candidate),
          sdpMLineIndex: indexOf(candidate),
          usernameFragment: fragmentOf(candidate),
        },
      ],
      NativeCandidate,
    );

  /**
   * An offer or an answer, as the code gets it.
   * @param {Way} way @param {{ type: string, sdp: string }} made the browser's own: a plain object in Chromium, a description in Firefox
   */
  function giveMade(way, made) {
    const { type, sdp: own } = made;
    const sdp = lineText.given(own, way.ends?.b);
    if (way.made.size > 1) way.made.clear();
    way.made.set(sdp, own);
    return made instanceof NativeDescription ? describing(type, sdp) : { type, sdp };
  }

  /** The browser gets what it made. @param {Way} way @param {object} init */
  function asMade(way, init) {
    const sdp = sdpOf(init);
    return describing(typeOf(init), way.made.get(sdp) ?? lineText.unmarked(sdp));
  }

  /** @param {Way} way @param {string} name @param {any} init the first description of the connection */
  function open(way, name, init) {
    way.opened = new Promise((resolve) => {
      way.settle = resolve;
    });
    opening.set(way.on, way);
    const credentials = init && lineText.credentials(sdpOf(init));
    const side = name === 'setLocalDescription' ? 'a' : 'b';
    tell({ on: way.on, isPair: way.isPair, credentials: credentials ? { [side]: credentials } : {} });
  }

  /** @param {Way} way @param {'a' | 'b'} side @param {string} sdp */
  function tellCredentials(way, side, sdp) {
    const credentials = lineText.credentials(sdp);
    const isFirefox = side === 'b' && lineText.isOfFirefox(sdp);
    if (way.opened && credentials) tell({ on: way.on, credentials: { [side]: credentials }, isFirefox });
  }

  /** The other side has a line already. @param {Way} way */
  function leave(way) {
    way.isOwner = false;
    tell({ on: way.on, isOver: true, isGuest: !way.isPair });
  }

  /** Lets the code see what the other side is to get. Done when the first line is asked for, because it makes properties slower. */
  function install() {
    if (isInstalled) return;
    isInstalled = true;
    for (const name of ['localDescription', 'currentLocalDescription', 'pendingLocalDescription'])
      wrap(connection, name, (pc, description) => {
        const way = ways.get(pc);
        return way?.isOwner && way.opened
          ? describing(typeOf(description), lineText.given(sdpOf(description), way.ends?.b))
          : description;
      });
    wrap(RTCPeerConnectionIceEvent.prototype, 'candidate', (event, candidate) => replaced.get(event) ?? candidate);
  }

  /** @param {any} prototype @param {string} name @param {(self: object, value: object) => object} change */
  function wrap(prototype, name, change) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    if (!property?.get) return;
    const get = standIn(property.get, {
      apply(/** @type {Function} */ native, /** @type {any} */ self, /** @type {any[]} */ args) {
        const value = apply(native, self, args);
        return value ? change(self, value) : value;
      },
    });
    Object.defineProperty(prototype, name, { ...property, get });
  }

  return {
    wayOf,
    pass,

    /**
     * What the code gets in place of a candidate that the browser has found.
     * @param {object} pc @param {object} event @param {any} candidate
     * @returns {object | undefined | null} undefined for the same one; null if the line was given away already
     */
    give(pc, event, candidate) {
      const way = ways.get(pc);
      if (!way?.isOwner || !way.ends || !candidate || !textOf(candidate)) return undefined;
      const place = `${fragmentOf(candidate)} ${midOf(candidate)}`;
      if (way.given.has(place)) return null;
      way.given.add(place);
      const given = renamed(candidate, way.ends.b);
      replaced.set(event, given);
      return given;
    },

    /** A connection was closed, and needs its line no more. @param {object} pc */
    close(pc) {
      const way = ways.get(pc);
      if (way?.isOwner && way.opened) tell({ on: way.on, isOver: true });
    },

    /** The page has opened a line, or the server refuses it. @param {{ on: string, ends?: { a: End, b: End } }} answer */
    opened({ on, ends }) {
      const way = opening.get(on);
      if (!way) return;
      opening.delete(on);
      way.ends = ends;
      if (!ends) way.isOwner = false;
      way.isSettled = true;
      way.settle();
    },
  };
}
