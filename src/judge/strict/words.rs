//! The values that ooni/spec enumerates.

/// df-002.
pub(super) const ENGINES: &[&str] = &[
    "getaddrinfo",
    "golang_net_resolver",
    "system",
    "udp",
    "tcp",
    "dot",
    "doh",
    "unknown",
];

/// df-002; `ANY` stands for the system's resolver.
pub(super) const QUERY_TYPES: &[&str] = &["A", "AAAA", "ANY", "CNAME", "HTTPS", "NS", "PTR"];

/// df-006; empty when the handshake failed earlier.
pub(super) const TLS_VERSIONS: &[&str] = &[
    "", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3",
];

/// df-007, without those that this program makes itself and without `unknown_failure: …`.
pub(super) const FAILURES: &[&str] = &[
    "address_family_not_supported",
    "address_in_use",
    "address_not_available",
    "already_connected",
    "android_dns_cache_no_data",
    "bad_address",
    "bad_file_descriptor",
    "connection_already_closed",
    "connection_already_in_progress",
    "destination_address_required",
    "dns_bogon_error",
    "dns_no_data",
    "dns_non_recoverable_failure",
    "dns_reply_with_wrong_query_id",
    "dns_temporary_failure",
    "http_request_failed",
    "http_unexpected_redirect_url",
    "http_unexpected_status_code",
    "interrupted",
    "invalid_argument",
    "json_parse_error",
    "message_size",
    "network_down",
    "network_reset",
    "no_buffer_space",
    "no_protocol_option",
    "not_a_socket",
    "not_connected",
    "operation_would_block",
    "permission_denied",
    "protocol_not_supported",
    "quic_incompatible_version",
    "timed_out",
    "wrong_protocol_type",
];

/// The keys of the top level (df-000), and our own.
pub(super) const TOP: &[&str] = &[
    "annotations",
    "data_format_version",
    "extensions",
    "id",
    "input",
    "input_hashes",
    "measurement_start_time",
    "measurement_uid",
    "options",
    "probe_asn",
    "probe_cc",
    "probe_city",
    "probe_ip",
    "probe_network_name",
    "report_id",
    "resolver_asn",
    "resolver_ip",
    "resolver_network_name",
    "software_name",
    "software_version",
    "test_helpers",
    "test_keys",
    "test_name",
    "test_runtime",
    "test_start_time",
    "test_version",
];
