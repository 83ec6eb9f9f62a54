//! The style sheet, the script and the icon: compiled in, under names that hold a hash of their
//! content.

use std::io::Write as _;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// The folder that assets are served from.
pub const FOLDER: &str = "/assets/";

/// One file.
#[derive(Debug)]
pub struct Asset {
    /// Its path, with the hash.
    pub path: String,
    media_type: &'static str,
    plain: &'static [u8],
    packed: Vec<u8>,
}

/// Every file.
#[derive(Debug)]
pub struct Assets {
    pub style: Asset,
    pub script: Asset,
    pub icon: Asset,
}

/// The files, packed when they are first asked for.
pub fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| Assets {
        style: Asset::new(
            ("pages", "css"),
            "text/css; charset=utf-8",
            include_bytes!("../../assets/pages.css"),
        ),
        script: Asset::new(
            ("pages", "js"),
            "text/javascript; charset=utf-8",
            include_bytes!("../../assets/pages.js"),
        ),
        icon: Asset::new(
            ("icon", "svg"),
            "image/svg+xml",
            include_bytes!("../../assets/icon.svg"),
        ),
    })
}

impl Asset {
    fn new((name, ending): (&str, &str), media_type: &'static str, plain: &'static [u8]) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(plain)[..6]);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(plain).and_then(|()| encoder.finish());
        Self {
            path: format!("{FOLDER}{name}.{hash}.{ending}"),
            media_type,
            plain,
            // Writing to memory cannot fail; without a packed file the plain one is served.
            packed: packed.unwrap_or_default(),
        }
    }

    fn answer(&self, packed: bool) -> Response<Body> {
        let packed = packed && !self.packed.is_empty();
        let body = if packed {
            Body::from(self.packed.as_slice().to_vec())
        } else {
            Body::from(self.plain)
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        let set = |headers: &mut HeaderMap, name, value| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(headers, header::CONTENT_TYPE, self.media_type);
        let forever = "public, max-age=31536000, immutable";
        set(headers, header::CACHE_CONTROL, forever);
        set(headers, header::VARY, "Accept-Encoding");
        if packed {
            set(headers, header::CONTENT_ENCODING, "gzip");
        }
        response
    }
}

/// The file at a path.
pub fn serve(path: &str, request: &HeaderMap) -> Response<Body> {
    let Assets {
        style,
        script,
        icon,
    } = assets();
    let packed = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(takes_gzip);
    let found = [style, script, icon].into_iter().find(|a| a.path == path);
    if let Some(asset) = found {
        return asset.answer(packed);
    }
    let mut response = Response::new(Body::from("not found\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Whether `Accept-Encoding` takes gzip.
#[must_use]
pub fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut fields = part.split(';').map(str::trim);
        let is_gzip = fields
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let quality = fields.find_map(|field| field.strip_prefix("q="));
        is_gzip && quality.is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}
