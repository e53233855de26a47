//! The body of a response in pieces, each of which says when its client has taken it.
//!
//! May import: progress, axum, hyper.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use hyper::body::{Bytes, Frame, SizeHint};

use super::progress::Open;

/// Bytes of a body that are handed on at once, in a frame of their own. The smaller they are, the slower a client may be that has many responses at a time.
const PIECE_BYTES: usize = 4 * 1024;

/// The body of a response, in pieces.
#[derive(Debug)]
pub(super) struct InPieces {
    body: Body,
    /// Of the last frame of it.
    rest: Bytes,
    request: Arc<Open>,
}

/// It is dropped when it was written to the client, or when the response ends.
struct Piece {
    bytes: Bytes,
    request: Arc<Open>,
}

impl Piece {
    fn new(bytes: Bytes, request: &Arc<Open>) -> Self {
        request.send();
        let request = Arc::clone(request);
        Self { bytes, request }
    }
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.request.take();
    }
}

impl InPieces {
    /// The body of the response to this request.
    pub(super) fn new(body: Body, request: Open) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            request: Arc::new(request),
        }
    }
}

impl HttpBody for InPieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => self.rest = bytes,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let count = self.rest.len().min(PIECE_BYTES);
        let bytes = self.rest.split_to(count);
        let piece = Piece::new(bytes, &self.request);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_owner(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (more, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(more.lower() + rest);
        if let Some(upper) = more.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::future::poll_fn;
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use signaling::byte_budget::ByteBudget;

    use super::super::progress::{Patience, Progress, Stop};
    use super::*;

    async fn next(body: &mut InPieces) -> Option<Bytes> {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        frame.map(|frame| frame.unwrap().into_data().unwrap())
    }

    /// Why the connection gets nowhere, if nobody is waited for.
    fn stop(progress: &Progress) -> Option<Stop> {
        let patience = Patience {
            idle: Duration::ZERO,
            stalled: Duration::ZERO,
        };
        progress.stops(patience).now_or_never()
    }

    #[tokio::test]
    async fn a_body_comes_in_pieces_and_its_request_lasts_until_the_last_of_them_is_gone() {
        let progress = Progress::new(100, &ByteBudget::new(usize::MAX));
        let mut request = progress.begin();
        assert!(request.try_hold(60) && !request.try_hold(101));
        request.hold(1000);
        let mut body = InPieces::new(Body::from(vec![0; PIECE_BYTES + 1]), request);
        let first = next(&mut body).await.unwrap();
        let rest = body.size_hint().exact();
        assert_eq!((first.len(), rest), (PIECE_BYTES, Some(1)));
        let last = next(&mut body).await.unwrap();
        assert_eq!((last.len(), body.is_end_stream()), (1, true));
        assert_eq!(next(&mut body).await, None);
        drop(body);
        for piece in [first, last] {
            assert_eq!(stop(&progress), Some(Stop::Stalled));
            assert!(!progress.begin().try_hold(1));
            drop(piece);
        }
        assert_eq!(stop(&progress), Some(Stop::Idle));
        assert!(progress.begin().try_hold(100));
    }
}
