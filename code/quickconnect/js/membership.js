// @ts-check
// Who is in the room, as its members announce themselves and leave, and whether each may be called. A reducer: each function takes what was known
// of one peer and what happened, and returns what is known now. Pure.
//
// May import: nothing.

/**
 * What is known of one peer, beside the call with it.
 * @typedef {object} Member
 * @property {import('./index.js').PeerData} data what it announced last
 * @property {boolean} isPresent the signaling server has it in the room, as far as we know
 * @property {'here' | 'there'} [endedBy] who ended the last call on purpose
 */

/**
 * @typedef {object} Announced what follows from an announce
 * @property {Member} member
 * @property {boolean} isNew it knows of no call with us: what was known of it is void, and so is a call
 * @property {boolean} isBack it has lost its socket, and has another
 * @property {boolean} mustReply it may not know us: it is told who we are
 * @property {boolean} mayCall
 */

/**
 * A peer announces itself, for the first time or again.
 * @param {Member | undefined} before
 * @param {import('./index.js').PeerData} data
 * @param {object} about
 * @param {boolean} about.isBroadcast it spoke to the whole room, and perhaps does not know us; otherwise it answers us
 * @param {'none' | 'attempt' | 'setup' | 'active'} about.call how far the call with it is
 * @returns {Announced}
 */
export function announced(before, data, { isBroadcast, call }) {
  // With another socket, it may have forgotten whom it had no call with.
  const isBack = before !== undefined && data.connection !== before.data.connection;
  if (!before || data.instance !== before.data.instance || (isBack && call !== 'active'))
    return { member: { data, isPresent: true }, isNew: true, isBack, mustReply: isBroadcast, mayCall: true };
  const { endedBy, isPresent } = before;
  // A new profile is no reason to call a peer with whom we have ended the call on purpose, nor one that has ended it and only speaks to the room.
  const mayCall = call === 'none' && endedBy !== 'here' && !(isBroadcast && endedBy === 'there');
  return {
    member: { data, isPresent: true, endedBy: mayCall ? undefined : endedBy },
    isNew: false,
    isBack,
    mustReply: isBroadcast && (!isPresent || isBack || mayCall),
    mayCall,
  };
}

/** The server says that it left, or the server itself is gone. @param {Member} member @returns {Member} */
export const absent = (member) => ({ ...member, isPresent: false });

/**
 * The call with it has ended.
 * @param {Member} member
 * @param {'ended' | 'failed' | 'refused'} why see `call.js`
 * @returns {Member}
 */
export function lostCall(member, why) {
  // After a refused message the next offer would be as large: we don't call again by ourselves.
  if (why === 'refused') return hungUp(member);
  return why === 'ended' ? { ...member, endedBy: 'there' } : member;
}

/** We end the call on purpose. @param {Member} member @returns {Member} */
export const hungUp = (member) => ({ ...member, endedBy: 'here' });

/** One of the two wants a call again. @param {Member} member @returns {Member} */
export const wanted = (member) => ({ ...member, endedBy: undefined });
