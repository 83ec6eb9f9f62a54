//! The program as users call it.

use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::client::get;
use crate::site::{TOKENS, demonstration_folder, folder_with};

const PROGRAM: &str = env!("CARGO_BIN_EXE_accesswatch");
const SOURCE: &str = "[source]\nid = \"s\"\nname = \"S\"\ngroup = \"g\"\naccess = \"public\"\n\
    [[probe]]\nid = \"p\"\nname = \"P\"\nlevel = \"home\"\nurl = \"https://s.example/\"\n\
    [probe.expect]\nstatus = [200]\n";

/// A program, and the end of its messages, which stays open.
struct Running(Child, Lines<BufReader<ChildStderr>>);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `serve`, and reads the address that it prints.
fn start(dir: &Path) -> (Running, SocketAddr) {
    let mut child = Command::new(PROGRAM)
        .args([
            "--dir",
            dir.to_str().unwrap(),
            "serve",
            "--listen",
            "127.0.0.1:0",
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut running = Running(child, lines);
    let lines = running.1.by_ref();
    let address = lines.map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("serves http://")?;
        rest.trim_end_matches('/').parse().ok()
    });
    (running, address.expect("no address was printed"))
}

#[test]
fn serve_says_where_and_stops_at_a_signal() {
    let (mut running, at) = start(demonstration_folder());
    assert_eq!(get(at, "/", &[]).status, 200);
    let id = running.0.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}

#[test]
fn it_starts_without_a_store_and_says_when_one_cannot_be_read() {
    let folder = folder_with("", SOURCE);
    let (_running, at) = start(folder.path());
    let text = get(at, "/", &[]).text();
    assert!(text.contains("Nothing has been checked yet."), "{text}");
    let store = folder.path().join("data/accesswatch.db");
    assert!(!store.exists(), "looking makes nothing");
    std::fs::create_dir_all(store.parent().unwrap()).unwrap();
    std::fs::write(
        &store,
        "this is no database, and was never one of accesswatch",
    )
    .unwrap();
    for path in ["/", "/sources", "/sources/s"] {
        let answer = get(at, path, &[]);
        assert_eq!(answer.status, 503, "{path}");
        assert!(
            answer
                .text()
                .contains("accesswatch cannot read its records")
        );
    }
    assert_eq!(get(at, "/livez", &[]).status, 503);
    assert_eq!(get(at, "/healthz", &[]).status, 503);
}

#[test]
fn it_does_not_leave_this_computer_without_a_token() {
    let folder = folder_with("", SOURCE);
    let dir = folder.path().to_str().unwrap();
    let refused = Command::new(PROGRAM)
        .args(["--dir", dir, "serve", "--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("no token is set"), "{said}");
}

#[test]
fn a_reload_takes_a_new_token() {
    let folder = folder_with(TOKENS, SOURCE);
    let (running, at) = start(folder.path());
    let status = |token: &str| get(at, "/", &[&format!("Authorization: Bearer {token}")]).status;
    assert_eq!(status("another-token-of-the-library"), 401);
    std::fs::write(folder.path().join("token"), "another-token-of-the-library").unwrap();
    let id = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .unwrap()
            .success()
    );
    let start = std::time::Instant::now();
    // Each try with the old workspace is a wrong bearer, so there are few.
    let mut taken = false;
    while !taken && start.elapsed().as_secs() < 20 {
        std::thread::sleep(std::time::Duration::from_millis(700));
        taken = status("another-token-of-the-library") == 200;
    }
    assert!(taken);
}
