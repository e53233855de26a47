// @ts-check
// Times in words, and as a clock shows them. Pure.
//
// May import: nothing.

const MINUTE = 60_000;

/** How long something has lasted: “4 min”. @param {number} ms */
export function lasted(ms) {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 1) return 'under 1 min';
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is left, as “4:05” or “1:02:03”: zero only when it is over. @param {number} ms */
export function clockOf(ms) {
  const all = Math.max(0, Math.ceil(ms / 1_000));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
