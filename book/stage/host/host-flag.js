// @ts-check
// Whether this browser has had the host's page: pages of the book then ask the server whether it still may, and no others do. A script can't read the session.
//
// May import: nothing.

const KEY = 'guidebook-host';

export function isHostKept() {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

/** @param {boolean} isHost */
export function keepHost(isHost) {
  try {
    if (isHost) localStorage.setItem(KEY, 'yes');
    else localStorage.removeItem(KEY);
  } catch {
    // The browser denies storage to this site: its other pages don't know of it.
  }
}

/** @param {() => void} listener called when another page has kept or taken it */
export const onHostKept = (listener) => addEventListener('storage', ({ key }) => key === KEY && listener());
