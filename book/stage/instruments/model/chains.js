// @ts-check
// Each track from its source to the screen, as far as this page knows it: both ends where both are on this page. Pure. Which numbers each link has is
// told by `links.js`.
//
// May import: links.js, media.js, partners.js.

import { linksOf } from './links.js';
import { tracksIn } from './media.js';
import { partnersIn } from './partners.js';

/** Chains that are made, the first ones. */
const MAX_CHAINS = 64;

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./model.js').Connection} Connection */
/** @typedef {import('./media.js').Track} Track */
/** @typedef {import('./media.js').MediaElement} MediaElement */
/** @typedef {import('./media-history.js').MediaHistory} MediaHistory */
/** @typedef {import('./media-history.js').Flow} Flow */

/**
 * One end of a chain.
 * @typedef {object} End
 * @property {string} on the connection
 * @property {'audio' | 'video'} kind
 * @property {string} mid empty if it is not known
 * @property {Flow | undefined} flow its statistics
 * @property {Track | undefined} track
 * @property {Connection | undefined} connection
 */

/**
 * @typedef {object} Chain
 * @property {string} id
 * @property {'audio' | 'video'} kind
 * @property {string} title
 * @property {End | undefined} out where it is sent
 * @property {End | undefined} in where it is received
 * @property {MediaElement[]} elements that are to show what is received
 * @property {boolean} isOver a connection is closed, or the track has ended
 * @property {import('./links.js').Link[]} links
 */

/**
 * The chains of a run, in the order of their connections; those that are over come last.
 * @param {MediaHistory} history empty for a recording
 * @param {Model} model
 * @returns {Chain[]}
 */
export function chainsOf(history, model) {
  const connections = new Map(model.connections.map((connection) => [connection.id, connection]));
  const partnerOf = partnersIn(model.connections);
  const outs = endsOf('out', 'local');
  const ins = new Set(endsOf('in', 'remote'));
  const joined = outs.map((out) => {
    const other = out.connection && partnerOf(out.connection)?.id;
    const end = [...ins].find((one) => isSame(out, one, other));
    if (end) ins.delete(end);
    return chainOf(out, end);
  });
  const chains = [...joined, ...[...ins].map((end) => chainOf(undefined, end))];
  const place = (/** @type {Chain} */ { out, in: end }) => numberIn(out?.on ?? end?.on ?? '');
  const inOrder = chains.sort((a, b) => Number(a.isOver) - Number(b.isOver) || place(a) - place(b));
  return inOrder.slice(0, MAX_CHAINS);

  /**
   * The ends of one kind: those with statistics, and those of tracks without.
   * @param {'out' | 'in'} way @param {Track['side']} side
   * @returns {End[]}
   */
  function endsOf(way, side) {
    const tracks = model.tracks.filter((track) => track.side === side && track.of !== '');
    const flows = history.flows().filter(({ stream }) => stream.way === way && connections.has(stream.on));
    const ends = flows.map((flow) => {
      const { on, kind, mid, track: name } = flow.stream;
      const track = trackAt(on, mid, way) ?? trackNamed(name, on, way) ?? onlyTrack(tracks, flow);
      return { on, kind, mid: mid || midOf(on, track, way), flow, track, connection: connections.get(on) };
    });
    // Of what is sent, statistics tell from the beginning. What is received may have none before its first packet.
    const untold = tracks.filter(
      ({ id, of }) => (way === 'in' || !history.has(of)) && !ends.some(({ track }) => track?.id === id),
    );
    const others = untold.map((track) => ({
      on: track.of,
      kind: track.kind,
      mid: midOf(track.of, track, way),
      flow: undefined,
      track,
      connection: connections.get(track.of),
    }));
    return [...ends, ...others].sort((a, b) => numberIn(a.on) - numberIn(b.on) || compare(a.mid, b.mid));
  }

  /** The track of a section, by its transceiver. @param {string} on @param {string} mid @param {'out' | 'in'} way */
  function trackAt(on, mid, way) {
    const transceiver = history.transceiversOf(on).find((one) => mid !== '' && one.mid === mid);
    const id = way === 'out' ? transceiver?.sends : transceiver?.receives;
    return id ? model.tracks.find((track) => track.id === id) : undefined;
  }

  /** What one side sends, the other may receive under the same name. @param {string} name @param {string} on @param {'out' | 'in'} way */
  function trackNamed(name, on, way) {
    const isRight = (/** @type {Track} */ { side, of }) =>
      way === 'out' ? side === 'local' : side === 'remote' && of === on;
    return name ? model.tracks.find((track) => track.name === name && isRight(track)) : undefined;
  }

  /** @param {string} on @param {Track | undefined} track @param {'out' | 'in'} way */
  function midOf(on, track, way) {
    const field = way === 'out' ? 'sends' : 'receives';
    return (track && history.transceiversOf(on).find((one) => one[field] === track.id)?.mid) ?? '';
  }

  /** @param {End | undefined} out @param {End | undefined} end @returns {Chain} */
  function chainOf(out, end) {
    const one = /** @type {End} */ (out ?? end);
    const track = end?.track;
    const elements = track ? model.elements.filter((element) => tracksIn(element).includes(track.id)) : [];
    const over = endOf(out) || endOf(end);
    const mid = out?.mid || end?.mid;
    const what = `${one.kind === 'audio' ? 'Audio' : 'Video'}${mid ? `, mid ${mid}` : ''}`;
    const chain = {
      id: `${out?.flow?.stream.id ?? out?.track?.id ?? ''} > ${end?.on ?? ''} ${end?.mid || (end?.track?.id ?? end?.flow?.stream.id ?? '')}`,
      kind: one.kind,
      title: `${what}: ${wayOf(out, end)}${over && ` (${over})`}`,
      out,
      in: end,
      elements,
      isOver: over !== '',
    };
    return { ...chain, links: linksOf(chain, history) };
  }
}

/** The track of a stream of which neither name nor section is told, if there is no choice. @param {Track[]} tracks @param {Flow} flow */
function onlyTrack(tracks, { stream: { on, kind, mid, track } }) {
  const alike = tracks.filter((one) => one.of === on && one.kind === kind);
  return track === '' && mid === '' && alike.length === 1 ? alike[0] : undefined;
}

/**
 * Whether two ends are of one track: by the source of its packets, or, before there are any, by their section, whose `mid` both sides share.
 * @param {End} out @param {End} end @param {string | undefined} partner the connection that the sending one is connected to
 */
function isSame(out, end, partner) {
  if (out.kind !== end.kind || out.on === end.on) return false;
  const sources = out.flow?.stream.sources ?? [];
  if (end.flow?.stream.sources.some((source) => sources.includes(source))) return true;
  return out.mid !== '' && out.mid === end.mid && end.on === partner;
}

/** Why nothing more comes through an end; empty as long as something may. @param {End | undefined} end */
function endOf(end) {
  if (!end) return '';
  const { connection, flow, track } = end;
  if (connection?.closedAt !== undefined) return 'closed';
  if (track?.states.track[track.states.track.length - 1].value === 'ended') return 'the track has ended';
  return flow?.isGone ? 'not agreed any more' : '';
}

/** @param {End | undefined} out @param {End | undefined} end */
function wayOf(out, end) {
  const [from, to] = [out, end].map((one) => one && (one.connection?.title ?? `Connection ${one.on.slice(2)}`));
  if (from && to) return `${from} → ${to}`;
  return from ? `sent by ${from}` : `received by ${to}`;
}

/** @param {string} id */
const numberIn = (id) => Number(id.slice(2)) || 0;
/** @param {string} a @param {string} b */
const compare = (a, b) => a.localeCompare(b, 'en', { numeric: true });
