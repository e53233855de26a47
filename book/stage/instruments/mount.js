// @ts-check
// The instruments of one demo: which part of which recording is shown, and the panels that show it. Loaded when they are first needed. Layout:
//   addresses.js   what is loaded besides, and pages of the book
//   media.js       audio and video, a file of its own, loaded when a run has any
//   lab.js         NAT labs, a file of its own, loaded when a run has one
//   panels/        what the reader sees: one module for each panel, and their parts
//   drawing/       SVG, and how often something is drawn
//   model/         what happened in a run, for each panel; pure
//   diagnosis/     what went wrong in a run; pure
//   timeline/      several pages that share the events of one room
//   files/         recordings and drawings as files
// Nothing below imports these modules. `model/` imports no other folder, `diagnosis/` and `drawing/` only `model/`, `timeline/` only `model/`,
// `files/` only `drawing/` and `timeline/`, and `panels/` any of them.
//
// May import: addresses.js, drawing/, files/, lab.js, media.js, model/, panels/, timeline/, ../peer-names.js, ../reveal.js.

import { SIGNALING } from './addresses.js';
import { createCandidates } from './panels/candidates.js';
import { createCard } from './panels/card.js';
import { createFaults } from './panels/break-it.js';
import { createHead } from './panels/head.js';
import { createPackets } from './panels/packets.js';
import { recordingOf } from './files/files.js';
import { createLabPlace } from './panels/lab-place.js';
import { createLadder } from './panels/ladder.js';
import { createMediaPlace } from './panels/media-place.js';
import { hasMedia } from './model/media.js';
import { reveal } from '../reveal.js';
import { modelOf } from './model/model.js';
import { remotePeersOf } from './model/remote-peers.js';
import { named } from './model/title.js';
import { createPlayer } from './model/player.js';
import { createStats } from './panels/statistics.js';
import { createRedraw } from './drawing/redraw.js';
import { createSdp } from './panels/sdp.js';
import { merge } from './timeline/merge.js';
import { NO_NAMES } from '../peer-names.js';
import { createSharing } from './timeline/sharing.js';
import { createStates } from './panels/states.js';
import { createTabs } from './panels/tabs.js';

/** @returns {Promise<import('./timeline/session.js').Signaling>} */
const loadSignaling = async () => Object.assign({}, ...(await Promise.all(SIGNALING.map((url) => import(url)))));

/** Statistics are asked for this often, in ms, while a panel shows them. */
const STATS_INTERVAL = 1_000;
/** Of several that ask within this time, in ms, only the first is heard. */
const STATS_PAUSE = 500;

/**
 * @typedef {object} Hooks
 * @property {string} name of the demo
 * @property {boolean} canMeet others, in a room
 * @property {HTMLElement} panels where the panels go
 * @property {HTMLElement} card where a diagnosis goes
 * @property {(line: number) => void} [online] the reader asks for a line of the code; a recording has none
 * @property {(line: number | undefined) => void} light a line is to be shown as belonging to what is chosen
 * @property {(listener: (line: number) => void) => void} oncursor calls with the line of the cursor when it moves
 * @property {(faults: import('./panels/break-it.js').Chosen[]) => void} setFaults what is to be broken on purpose from now on
 * @property {string} [recorded] the address of a recording of the book's: it is shown in place of a run
 * @property {import('../peer-names.js').NameOf} nameOf what peers are called
 * @property {() => void} askStats the iframe's answers come to `onstats`
 * @property {() => Promise<import('../line/server-lines.js').Lines | undefined> | undefined} lines of the run, if it has any
 * @property {() => Promise<import('./panels/packets.js').Line[]> | undefined} openLines those and the ones that the code has opened
 * @property {() => string[]} openLabs the ids of the NAT labs that the code has open
 */

/**
 * Puts the instruments into their place.
 * @param {import('../recording.js').Recording} recording
 * @param {Hooks} hooks
 */
export function mount(recording, hooks) {
  const { name, online, light } = hooks;
  let isShown = false;
  /** A recording from a file, which is shown instead of the run until the next run starts. @type {import('./files/files.js').Kept | undefined} */
  let opened;
  /** Where a recording of the book is to stand: how many of its events have happened. */
  let wanted = 0;
  let { run } = recording;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let statsTimer;
  let askedAt = -Infinity;
  /** What is known of audio and video. @type {import('./media.js').Media | undefined} */
  let media;
  let isMediaAsked = false;
  let mediaOf = run;

  const redrawSoon = createRedraw(() => isShown && draw());
  const player = createPlayer(draw);
  const sharing = hooks.canMeet ? createSharing(recording, loadSignaling, redrawSoon) : undefined;
  const lines = { online, onrow: choose };
  const ladder = createLadder(lines);
  const stats = createStats();
  const packets = createPackets(hooks.openLines);
  const faults = createFaults(hooks.setFaults, hooks.lines);
  const labPlace = createLabPlace(hooks.openLabs, loadLab, redrawSoon);
  const head = createHead(name, player, {
    ladder,
    kept: keptNow,
    onopen: open,
    onfollow: hooks.recorded ? undefined : follow,
  });
  ladder.element.prepend(...(sharing ? [sharing.element] : []));
  /** @type {import('./panels/panel.js').Panel[]} */
  const panels = [ladder, createStates(lines), createCandidates(lines), createSdp(lines)];
  const mediaPlace = createMediaPlace();
  // A recording has no statistics and no packets, and faults can't be injected into it.
  if (!hooks.recorded) panels.push(stats, packets, faults);
  panels.push(mediaPlace, labPlace);
  const tabs = createTabs(`Instruments of ${name}`, panels, () => isShown && showChosen());
  recording.watch(forgetEarlierRun);
  const explain = (/** @type {string} */ id) => /** @type {import('./media.js').Media} */ (media).explanations[id];
  if (online) createCard(hooks.card, recording, online, { find: findInMedia, explain });
  hooks.oncursor((line) => isShown && choose(line));
  recording.watch(redrawSoon);
  if (hooks.recorded) openFromBook(hooks.recorded);
  else put();

  function put() {
    hooks.panels.replaceChildren(head.element, tabs.element);
  }

  /** Highlights a line of the code and all that came from it. @param {number} line */
  function choose(line) {
    light(line);
    for (const panel of panels) panel.light?.(line);
    reveal([...tabs.chosen.element.querySelectorAll('.lit')].filter((lit) => lit.getClientRects().length > 0));
  }

  /** @param {import('./files/files.js').Kept} recorded */
  function open(recorded) {
    opened = recorded;
    ladder.startAtTop();
    player.follow();
  }

  /** The panels come with what they show: without it they would have another height. @param {string} url */
  async function openFromBook(url) {
    try {
      const answer = await fetch(url);
      opened = recordingOf(await answer.text(), url);
      put();
      draw();
      player.seek(wanted);
    } catch {
      put();
      head.say('The recording did not load: is the server still there?');
    }
  }

  function follow() {
    close();
    player.follow();
  }

  /** Shows the run again in place of a file. */
  function close() {
    opened = undefined;
    head.clear();
  }

  /** Panels and the diagnosis ask each for themselves. */
  function askStats() {
    const now = performance.now();
    if (now - askedAt < STATS_PAUSE) return;
    askedAt = now;
    hooks.askStats();
  }

  function forgetEarlierRun() {
    if (recording.run === mediaOf) return;
    mediaOf = recording.run;
    media?.clear();
    // What did not load is asked for again.
    isMediaAsked = media !== undefined;
  }

  async function loadMedia() {
    const { createMedia } = await import('./media.js');
    const loaded = await createMedia(lines);
    media ??= loaded;
    mediaPlace.fill(media.panel);
    redrawSoon();
  }

  async function loadLab() {
    const { createLab } = await import('./lab.js');
    return createLab(hooks.openLabs);
  }

  /** Loads what is known of audio and video when a run has any. @param {import('./model/model.js').Model} model */
  function mediaFor(model) {
    if (!isMediaAsked && hasMedia(model)) {
      isMediaAsked = true;
      loadMedia().catch(() => {});
    }
    return media;
  }

  /** The diagnosis needs numbers before a panel is open. @param {import('./model/model.js').Model} model @param {number} now */
  function findInMedia(model, now) {
    if (model.tracks.length > 0) askStats();
    return mediaFor(model)?.find(model, now) ?? [];
  }

  function showChosen() {
    clearInterval(statsTimer);
    const ask = tabs.chosen.ask ?? (tabs.chosen.needsStats ? askStats : undefined);
    if (ask) {
      statsTimer = setInterval(ask, STATS_INTERVAL);
      ask();
    }
    draw();
  }

  function draw() {
    if (recording.run !== run) {
      ({ run } = recording);
      close();
      stats.clear();
      packets.clear();
      labPlace.clear();
    }
    const { events, lost, sides } = kept();
    player.take(merge(events, sides), opened ?? run);
    const view = viewOf(player.shown, sides, lost);
    tabs.offer(mediaPlace, mediaFor(view.model) !== undefined && view.model.tracks.length > 0);
    tabs.offer(labPlace, labPlace.hasLab(view.labs));
    tabs.chosen.draw?.(view);
    head.draw(view, opened !== undefined && !hooks.recorded);
  }

  /**
   * @param {import('./timeline/merge.js').MergedEvent[]} events
   * @param {import('./timeline/exchange.js').Side[]} sides
   * @param {number} lost
   * @returns {import('./panels/panel.js').View}
   */
  function viewOf(events, sides, lost) {
    const own = sides.length > 0 ? events.filter(({ peer }) => peer === undefined) : events;
    /** @type {import('./model/model.js').Model | undefined} */
    let model;
    // A recording may come from anybody, and names nobody.
    const nameOf = opened ? NO_NAMES : hooks.nameOf;
    const isLive = !opened && player.position === player.length;
    return {
      events,
      sides,
      lost,
      // Created once, when it is asked for, because that takes long for a long run.
      get model() {
        model ??= nameConnections(modelOf(own), own, nameOf);
        return model;
      },
      nameOf,
      now: isLive ? recording.elapsed : (own.at(-1)?.at ?? 0),
      stats: isLive ? stats.newest() : new Map(),
      labs: opened?.labs,
      get media() {
        return media?.viewOf(
          this.model,
          !isLive || hooks.recorded ? 'recorded' : recording.isRunning ? 'runs' : 'ended',
        );
      },
    };
  }

  /** @param {import('./model/model.js').Model} model @param {import('../events.js').TapEvent[]} events @param {import('../peer-names.js').NameOf} nameOf */
  function nameConnections(model, events, nameOf) {
    const peers = nameOf === NO_NAMES ? new Map() : remotePeersOf(events);
    for (const connection of model.connections) {
      const name = nameOf(peers.get(connection.id) ?? '');
      if (name) connection.title = named(connection.title, name);
    }
    return model;
  }

  /** The recording that is shown: from a file, or of this run, with what other pages share of it. @returns {import('./files/files.js').Kept} */
  function kept() {
    return opened ?? { events: recording.events, lost: recording.dropped, sides: sharing?.sides ?? [], labs: [] };
  }

  /** The same, to be saved: with the labs of a run as they are now. @returns {Promise<import('./files/files.js').Kept>} */
  async function keptNow() {
    return opened ?? { ...kept(), labs: await labPlace.read() };
  }

  return {
    show() {
      isShown = true;
      if (!recording.isRunning) ladder.startAtTop();
      showChosen();
      sharing?.show();
    },
    hide() {
      isShown = false;
      sharing?.hide();
      player.pause();
      clearInterval(statsTimer);
      light(undefined);
    },
    /** The demo is in this room; in none, if it is empty. @param {string} room */
    enter(room) {
      sharing?.enter(room);
    },
    /** @param {import('../stats.js').Stats} answer */
    onstats(answer) {
      stats.add(answer);
      media?.add(answer);
      redrawSoon();
    },
    /** Peers are called otherwise from now on. */
    renamed: redrawSoon,
    /** Goes to a place in the recording of the book that is shown. @param {number} to how many of its events have happened */
    seek(to) {
      wanted = to;
      if (opened && hooks.recorded) player.seek(to);
    },
    /** Switches these faults on, and all others off. */
    preset: faults.put,
  };
}
