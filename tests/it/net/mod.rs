//! What goes over the network, and how it is recorded.

mod asn;
mod client_redirects;
mod dial;
mod dns;
mod dns_streams;
mod http;
mod http2;
mod http_redirects;
mod politeness;
mod probe;
mod proxy;
mod tls;
