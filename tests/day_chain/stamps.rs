//! Time stamps of closed days, from an authority that OpenSSL plays.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::thread;

use accesswatch::evidence::chain;

use crate::chained::{Chained, days_ago};
use crate::support::skipped::skip;

const CONFIG: &str = "
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
crypto_device = builtin
signer_cert = cert.pem
certs = cert.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[req]
distinguished_name = dn
[dn]
";

/// What the authority answers.
const STAMPS: u8 = 0;
const IS_DOWN: u8 = 1;
const NONSENSE: u8 = 2;

/// An authority behind a loopback HTTP server.
struct Authority {
    folder: tempfile::TempDir,
    address: String,
    mood: Arc<AtomicU8>,
    asked: Arc<AtomicU64>,
}

impl Authority {
    /// `None` where there is no `openssl`.
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tsa.cnf"), CONFIG).unwrap();
        fs::write(folder.path().join("serial"), "01\n").unwrap();
        let made = openssl(
            folder.path(),
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
                "-days",
                "30",
                "-subj",
                "/CN=Time",
                "-config",
                "tsa.cnf",
                "-addext",
                "extendedKeyUsage=critical,timeStamping",
            ],
        )?;
        assert!(made, "a certificate is made");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = Self {
            address: format!("http://{}/tsr", listener.local_addr().unwrap()),
            mood: Arc::new(AtomicU8::new(STAMPS)),
            asked: Arc::new(AtomicU64::new(0)),
            folder,
        };
        let (mood, asked) = (Arc::clone(&authority.mood), Arc::clone(&authority.asked));
        let place: PathBuf = authority.folder.path().to_owned();
        thread::spawn(move || {
            for stream in listener.incoming() {
                asked.fetch_add(1, Ordering::SeqCst);
                answer(stream.unwrap(), mood.load(Ordering::SeqCst), &place);
            }
        });
        Some(authority)
    }

    /// Whether OpenSSL accepts a time stamp of this value.
    fn accepts(&self, value: &str, file: &Path) -> bool {
        let file = file.to_str().unwrap();
        let args = [
            "ts", "-verify", "-digest", value, "-in", file, "-CAfile", "cert.pem",
        ];
        openssl(self.folder.path(), &args) == Some(true)
    }
}

fn openssl(folder: &Path, args: &[&str]) -> Option<bool> {
    let mut command = Command::new("openssl");
    command.args(args).current_dir(folder);
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.ok().map(|status| status.success())
}

fn answer(stream: TcpStream, mood: u8, folder: &Path) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut has_type) = (0, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) < 3 {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        has_type |= line.trim_end() == "content-type: application/timestamp-query";
    }
    let mut query = vec![0; length];
    reader.read_exact(&mut query).unwrap();
    assert!(has_type, "the query names its type");
    let (status, body) = match mood {
        STAMPS => {
            fs::write(folder.join("query"), query).unwrap();
            let args = [
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-queryfile",
                "query",
                "-out",
                "reply",
            ];
            assert_eq!(openssl(folder, &args), Some(true));
            ("200 OK", fs::read(folder.join("reply")).unwrap())
        }
        IS_DOWN => ("503 Service Unavailable", Vec::new()),
        _ => ("200 OK", b"<html>welcome</html>".to_vec()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = reader.into_inner();
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

#[test]
fn every_closed_day_gets_a_time_stamp_that_openssl_accepts() {
    let Some(authority) = Authority::start() else {
        skip("there is no openssl here");
        return;
    };
    let chained = Chained::new();
    let line = format!("\n[evidence]\ntimestamp = \"{}\"\n", authority.address);
    chained
        .fixture
        .watch
        .append("config/accesswatch.toml", &line);
    // Out of reach, or of no use: the run does its work, and says so.
    for (mood, why) in [(IS_DOWN, "it answered 503"), (NONSENSE, "is no good")] {
        authority.mood.store(mood, Ordering::SeqCst);
        let ran = chained.fixture.watch.run(&["run", "--all"]).ends(0);
        assert!(
            ran.err.contains("no time stamp") && ran.err.contains(why),
            "{}",
            ran.err
        );
        let status = chained.fixture.watch.run(&["status"]).ends(0);
        assert!(
            status.err.contains("3 days without a time stamp"),
            "{}",
            status.err
        );
        let doctor = chained.fixture.watch.run(&["doctor", "--offline"]);
        assert!(doctor.out.contains(why), "{}", doctor.out);
        assert!(!chained.evidence("tsr").exists());
    }
    assert_eq!(authority.asked.load(Ordering::SeqCst), 2, "once a run");
    // It is there again, and the next run asks.
    authority.mood.store(STAMPS, Ordering::SeqCst);
    let ran = chained.fixture.watch.run(&["run"]).ends(0);
    assert!(!ran.err.contains("time stamp"), "{}", ran.err);
    let status = chained.fixture.watch.run(&["status"]).ends(0);
    assert!(!status.err.contains("time stamp"), "{}", status.err);
    let (days, _) = chain::read(&chained.read("chain.csv"));
    assert_eq!(days.len(), 3);
    let file = |day: &chain::Day| chained.evidence(&format!("tsr/{}.tsr", day.day));
    for day in &days {
        assert!(
            authority.accepts(&chain::hex(&day.chain), &file(day)),
            "{}",
            day.day
        );
        assert!(!authority.accepts(&chain::hex(&day.root), &file(day)));
    }
    let verified = chained.verify(&[]).ends(0);
    assert!(
        verified.out.contains("3 time stamps checked"),
        "{}",
        verified.out
    );
    // They are fetched once.
    let asked = authority.asked.load(Ordering::SeqCst);
    chained.fixture.watch.run(&["run"]).ends(0);
    assert_eq!(authority.asked.load(Ordering::SeqCst), asked);
    // The stamp of another day proves nothing of this one, and a changed one nothing at all.
    fs::copy(file(&days[0]), file(&days[1])).unwrap();
    let mut bytes = fs::read(file(&days[2])).unwrap();
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    fs::write(file(&days[2]), bytes).unwrap();
    let verified = chained.verify(&[]).ends(1);
    for day in [2, 1].map(days_ago) {
        assert!(
            verified.out.contains(&format!("tsr/{day}.tsr: {day}: ")),
            "{}",
            verified.out
        );
    }
    assert!(
        verified.out.contains("2 things do not hold"),
        "{}",
        verified.out
    );
}
