//! guidebook
fn main() {}
