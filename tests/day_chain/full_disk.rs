//! A disk that is full while the files of the day chain are written, played by a small file system
//! in a namespace of its own.

use std::process::Command;

use crate::chained::Chained;
use crate::support::skipped::skip;
use crate::support::workspace::Ran;

/// Runs `run --all` with a folder of evidence on a file system without room. What was in the folder
/// is there, but for the files of the chain. `None` where namespaces are not allowed.
fn run_without_room(chained: &Chained) -> Option<Ran> {
    let script = "set -e; cp -a \"$1\" \"$1.kept\"
        mount -t tmpfs -o size=64k none \"$1\"
        cp -a \"$1.kept/.\" \"$1\"; rm -f \"$1/chain.csv\" \"$1/changes.tsv\"
        dd if=/dev/zero of=\"$1/filler\" bs=4096 2>/dev/null || true
        shift; exec \"$@\"";
    let run = chained.fixture.watch.command(&["run", "--all"]);
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c", script, "sh"]);
    command.arg(
        chained
            .evidence("")
            .display()
            .to_string()
            .trim_end_matches('/'),
    );
    command.arg(run.get_program()).args(run.get_args());
    command.env_remove("ACCESSWATCH_DIR").env("NO_COLOR", "1");
    let allowed = Command::new("unshare")
        .args([
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            "mount -t tmpfs none /mnt",
        ])
        .output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        skip("this system allows no namespace to play a full disk in");
        return None;
    }
    Some(Ran::from(command.output().unwrap()))
}

#[test]
fn a_full_disk_is_named_and_the_next_pass_writes_both_files() {
    let chained = Chained::new();
    let files = ["chain.csv", "changes.tsv"].map(|name| (name, chained.read(name)));
    let Some(ran) = run_without_room(&chained) else {
        return;
    };
    // The pass counts: what it measured is in the store.
    let said = ran.ends(0).err;
    for name in ["chain.csv", "changes.tsv", "space"] {
        assert!(said.contains(name), "{name}: {said}");
    }
    // The folder as it was, without what the full disk could not hold.
    for (name, _) in &files {
        std::fs::remove_file(chained.evidence(name)).unwrap();
    }
    let verified = chained.verify(&[]);
    assert_ne!(verified.status, Some(0), "{}", verified.out);
    let said = chained.fixture.watch.run(&["run", "--all"]).ends(0).err;
    assert!(!said.contains("chain.csv"), "{said}");
    for (name, before) in &files {
        let now = chained.read(name);
        assert!(now.starts_with(before.as_str()), "{name}: {now}");
    }
    let verified = chained.verify(&[]).ends(0).out;
    assert!(verified.contains("everything holds"), "{verified}");
}
