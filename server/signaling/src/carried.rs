//! Where requests carry what lets them in, such as an access token:
//!
//! - `Authorization: Bearer TOKEN`, as programs do ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-2.1))
//! - `Sec-WebSocket-Protocol: token, TOKEN`, as pages must, since a page sets no other header of a WebSocket
//! - `?token=TOKEN`, where neither is possible
//!
//! May import: axum.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};

/// The token that a request carries, wherever it does: what clients were given by their option `token`. One in the query gets into the logs of
/// proxies, so let it end soon.
pub fn access_token(request: &Parts) -> Option<&str> {
    let bearer = bearer(&request.headers).filter(|token| !token.is_empty());
    let in_header = bearer.or_else(|| offered(&request.headers));
    in_header.or_else(|| in_query(&request.uri))
}

/// The subprotocol that clients offer before their token. The server chooses it, and so never repeats the token.
pub const SUBPROTOCOL: &str = "token";

/// What stands in the query of an address before the token.
const PARAMETER: &str = "token=";

/// What stands behind `Bearer` in `Authorization`, perhaps nothing; that word is of any case
/// ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)). Another word is for a proxy that asks for a login: the browser of
/// whoever has logged in sends it with every request, and it says nothing to this server.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// The token that is offered as a second subprotocol.
pub fn offered(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let texts = lines.into_iter().filter_map(|line| line.to_str().ok());
    let mut offered = texts.flat_map(|line| line.split(',').map(str::trim));
    offered.find(|name| *name == SUBPROTOCOL)?;
    offered.next()
}

/// The token in the query. Clients that were given an address with a query put their path behind that, and a token has no slash.
pub fn in_query(uri: &Uri) -> Option<&str> {
    let mut fields = uri.query()?.split('&');
    let token = fields.find_map(|field| field.strip_prefix(PARAMETER))?;
    token.split('/').next()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_token_is_found_in_each_place_where_it_may_stand() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c "] {
            assert_eq!(bearer(&headers(&[("authorization", value)])), Some("a.b.c"));
        }
        assert_eq!(bearer(&headers(&[("authorization", "Basic a.b.c")])), None);
        for value in ["token, a.b.c", "chat,token,a.b.c,other"] {
            let headers = headers(&[("sec-websocket-protocol", value)]);
            assert_eq!(offered(&headers), Some("a.b.c"), "{value}");
        }
        let in_lines = [
            ("sec-websocket-protocol", "token"),
            ("sec-websocket-protocol", "a.b.c"),
        ];
        assert_eq!(offered(&headers(&in_lines)), Some("a.b.c"));
        for value in ["a.b.c", "token", "a.b.c, token"] {
            assert_eq!(
                offered(&headers(&[("sec-websocket-protocol", value)])),
                None
            );
        }
        for (uri, token) in [
            ("/?token=a.b.c", Some("a.b.c")),
            ("/primus?x=1&token=a.b.c&token=d", Some("a.b.c")),
            ("/?token=a.b.c/", Some("a.b.c")),
            ("/?token=a.b.c/primus", Some("a.b.c")),
            ("/?tokens=a.b.c", None),
            ("/", None),
        ] {
            assert_eq!(in_query(&uri.parse().unwrap()), token, "{uri}");
        }
    }
}
