//! How the allocator of the system gives memory back: the only unsafe code of the workspace, in a crate of its own so that it is forbidden
//! everywhere else.
//!
//! May import: libc.

/// One arena for all threads. An arena keeps what a burst took, because only its top is given back. Small pieces come from a cache that each
/// thread has, and take no lock.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: libc::c_int = 1;

/// Has glibc allocate from one arena ([mallopt(3)](https://man7.org/linux/man-pages/man3/mallopt.3.html), `M_ARENA_MAX`); it would have
/// up to eight for each processor. To be called before other threads start, since arenas that exist stay. If glibc refuses, nothing changes.
/// Other systems need nothing of the kind.
pub fn limit_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[expect(unsafe_code, reason = "no crate wraps mallopt")]
        // SAFETY: mallopt takes two numbers and locks what it changes. It has no other preconditions.
        let _is_set = unsafe { libc::mallopt(libc::M_ARENA_MAX, ARENAS) };
    }
}
