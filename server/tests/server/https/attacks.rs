//! What one client does to harm the others, over TLS: the attacks of `attacks` and `limits` by their own functions. That of a storm is in `storms`, and
//! what a connection of TLS costs in `heads`.

use crate::support::Over::Tls;
use crate::{attacks, limits};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_many_say_over_tls_to_a_slow_reader_arrives_whole_and_in_the_order_of_each() {
    attacks::many_to_a_slow_reader(Tls).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_vanishes_while_it_is_written_to_over_tls_harms_nobody() {
    attacks::vanishes_while_it_is_written_to(Tls).await;
}

#[tokio::test]
async fn a_flood_of_small_frames_over_tls_leaves_room_for_others() {
    attacks::flood_of_small_frames(Tls).await;
}

#[tokio::test]
async fn who_never_reads_over_tls_holds_up_neither_its_own_end_nor_the_servers() {
    attacks::never_reads_and_closes(Tls).await;
}

#[tokio::test]
async fn where_too_much_waits_over_tls_the_one_for_which_most_waits_is_cut_off() {
    attacks::too_much_waits_in_all(Tls).await;
}

#[tokio::test]
async fn messages_that_never_end_over_tls_take_bounded_memory_and_harm_nobody_else() {
    attacks::messages_never_end(Tls).await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_closes_its_connection_of_tls_and_the_room_hears_the_leave() {
    limits::larger_frame(Tls).await;
}

#[tokio::test]
async fn who_does_not_read_over_tls_is_cut_off_and_the_others_go_on() {
    limits::does_not_read(Tls).await;
}

#[tokio::test]
async fn a_request_over_tls_that_never_ends_its_head_is_dropped_and_so_is_none_at_all() {
    limits::head_never_ends(Tls).await;
}

#[tokio::test]
async fn who_takes_nothing_of_a_response_over_tls_loses_the_connection() {
    limits::takes_nothing_of_a_response(Tls).await;
}
