//! What must be true of the book in a browser. Each module is one concern, each test one sentence.

mod amounts;
mod companion;
mod console;
mod controls;
mod copies;
mod edits;
mod examples;
mod failures;
mod faults;
mod hang;
mod instruments;
mod ladder;
mod library;
mod lines;
mod looks;
mod outcomes;
mod outside;
mod pitfalls;
mod replay;
mod sdp;
mod shared_rooms;
mod sharing;
mod tap;
mod twins;
mod two_tabs;
mod whole_book;
