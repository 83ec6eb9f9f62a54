//! Commands that only read work for users who may only read, write nothing, and work when nothing
//! can be written.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::cli_fixture::CliFixture;
use crate::support::older::make_older;
use crate::support::skipped::skip;
use crate::support::workspace::{Ran, TestWorkspace};
use accesswatch::store::{Store, StoreError};

const LOOKING: [&[&str]; 12] = [
    &["status"],
    &["incidents"],
    &["incidents", "show", "1"],
    &["export", "measurements"],
    &["export", "incidents"],
    &["export", "uptime"],
    &["export", "freshness", "--format", "jsonl"],
    &["baseline", "show"],
    &["note", "list"],
    &["mail", "queue"],
    &["mail", "preview", "1"],
    &["rejudge"],
];

/// A library with an open incident: the page was well and is gone.
fn broken() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.breaks();
    fixture.run_all();
    fixture
}

/// Every file in a folder, with its time and bytes.
fn picture(folder: &Path) -> BTreeMap<PathBuf, (i64, i64, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(picture(&path));
        } else {
            let facts = fs::metadata(&path).unwrap();
            let bytes = fs::read(&path).unwrap();
            all.insert(path, (facts.mtime(), facts.mtime_nsec(), bytes));
        }
    }
    all
}

fn permit(folder: &Path, folders: u32, files: u32) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            permit(&path, folders, files);
        } else {
            fs::set_permissions(&path, Permissions::from_mode(files)).unwrap();
        }
    }
    fs::set_permissions(folder, Permissions::from_mode(folders)).unwrap();
}

/// The binary as a user who may read the workspace and write nothing in it; root changes to the
/// user nobody. `None`, with a message, where that is impossible.
struct Nobody {
    watch: PathBuf,
    program: PathBuf,
    _tools: tempfile::TempDir,
    steps_down: bool,
}

impl Nobody {
    fn of(watch: &TestWorkspace) -> Option<Self> {
        permit(watch.path(), 0o755, 0o444);
        let steps_down = fs::metadata(watch.path()).unwrap().uid() == 0;
        let setpriv = Command::new("setpriv").arg("--version").output();
        if steps_down && !setpriv.is_ok_and(|out| out.status.success()) {
            skip("the superuser may write everywhere, and there is no setpriv");
            return None;
        }
        // Others may not have access to the build folder.
        let tools = tempfile::tempdir().unwrap();
        fs::set_permissions(tools.path(), Permissions::from_mode(0o755)).unwrap();
        let program = tools.path().join("accesswatch");
        let built = env!("CARGO_BIN_EXE_accesswatch");
        fs::hard_link(built, &program)
            .or_else(|_| fs::copy(built, &program).map(drop))
            .unwrap();
        if !steps_down {
            permit(watch.path(), 0o555, 0o444);
        }
        Some(Self {
            watch: watch.path().to_owned(),
            program,
            _tools: tools,
            steps_down,
        })
    }

    fn run(&self, args: &[&str]) -> Ran {
        let mut command = if self.steps_down {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            command.arg(&self.program);
            command
        } else {
            Command::new(&self.program)
        };
        let command = command.arg("--dir").arg(&self.watch).args(args);
        let command = command.env_remove("ACCESSWATCH_DIR").env("NO_COLOR", "1");
        Ran::from(command.output().unwrap())
    }
}

impl Drop for Nobody {
    fn drop(&mut self) {
        permit(&self.watch, 0o755, 0o644);
    }
}

/// The output of each command, without what depends on the minute.
fn looks(run: impl Fn(&[&str]) -> Ran) -> Vec<String> {
    LOOKING.iter().map(|args| run(args).ends(0).out).collect()
}

#[test]
fn who_may_only_read_sees_what_the_owner_sees() {
    let fixture = broken();
    let owner = looks(|args| fixture.watch.run(args));
    let data = fixture.watch.file("data");
    for log in ["accesswatch.db-wal", "accesswatch.db-shm"] {
        let _ = fs::remove_file(data.join(log)); // empty: what looking leaves
    }
    let Some(nobody) = Nobody::of(&fixture.watch) else {
        return;
    };
    let before = picture(fixture.watch.path());
    assert_eq!(looks(|args| nobody.run(args)), owner);
    let doctor = nobody.run(&["doctor", "--offline"]).ends(0);
    assert!(
        doctor.out.contains("may read it and not write it"),
        "{}",
        doctor.out
    );
    assert!(
        doctor.out.contains("ok     store: intact"),
        "{}",
        doctor.out
    );
    let doctor = nobody.run(&["doctor"]);
    assert!(doctor.out.contains("1 of 1 controls pass"), "{doctor:?}");
    let refused = nobody.run(&["incidents", "ack", "1", "--by", "me"]).ends(3);
    assert!(refused.err.contains("write permission"), "{}", refused.err);
    assert_eq!(picture(fixture.watch.path()), before, "nothing was touched");
}

#[test]
fn a_writers_log_is_read_by_who_may_not_write() {
    let fixture = broken();
    let store = Store::open(&fixture.watch.file("data/accesswatch.db")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(store.set_meta("k", "v")).unwrap();
    assert!(
        fs::metadata(fixture.watch.file("data/accesswatch.db-wal"))
            .unwrap()
            .len()
            > 0
    );
    let owner = looks(|args| fixture.watch.run(args));
    // The store with an active writer, and then after the writer was killed: its log remains and
    // nobody has it open.
    let lies = fixture.watch.file("killed");
    fs::create_dir(&lies).unwrap();
    for file in ["accesswatch.db", "accesswatch.db-wal", "accesswatch.db-shm"] {
        fs::copy(fixture.watch.file("data").join(file), lies.join(file)).unwrap();
    }
    let Some(nobody) = Nobody::of(&fixture.watch) else {
        return;
    };
    assert_eq!(looks(|args| nobody.run(args)), owner, "at work");
    drop(store);
    for file in ["accesswatch.db", "accesswatch.db-wal", "accesswatch.db-shm"] {
        let to = fixture.watch.file("data").join(file);
        let _ = fs::remove_file(&to);
        fs::copy(lies.join(file), &to).unwrap();
        fs::set_permissions(&to, Permissions::from_mode(0o444)).unwrap();
    }
    assert_eq!(looks(|args| nobody.run(args)), owner, "killed");
    // A user who cannot create the log's index cannot read the log: that is reported, not skipped.
    fs::remove_file(fixture.watch.file("data/accesswatch.db-shm")).unwrap();
    let told = nobody.run(&["status"]).ends(3);
    assert!(
        told.err.contains("-wal file") && told.err.contains("doctor"),
        "{}",
        told.err
    );
}

#[test]
fn a_full_disk_hides_nothing() {
    let fixture = broken();
    let owner = looks(|args| fixture.watch.run(args));
    let data = fixture.watch.file("data");
    for log in ["accesswatch.db-wal", "accesswatch.db-shm"] {
        let _ = fs::remove_file(data.join(log));
    }
    let before = picture(fixture.watch.path());
    // No file may grow, as on a full disk.
    let full = |args: &[&str]| {
        let built = fixture.watch.command(args);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
        command.arg(built.get_program()).args(built.get_args());
        Ran::from(command.env("NO_COLOR", "1").output().unwrap())
    };
    assert_eq!(looks(full), owner);
    full(&["doctor", "--offline"]).ends(0);
    full(&["judge", "/dev/null"]).ends(0);
    let after = picture(fixture.watch.path());
    let is_grown = |path: &PathBuf| {
        let log = path.to_str().unwrap();
        !log.ends_with("-wal") && !log.ends_with("-shm")
    };
    let kept = after.into_iter().filter(|(path, _)| is_grown(path));
    assert_eq!(kept.collect::<BTreeMap<_, _>>(), before);
}

#[test]
fn an_older_store_is_told_with_its_mend_and_can_be_copied() {
    let fixture = broken();
    let place = fixture.watch.file("data/accesswatch.db");
    make_older(&place, 2);
    let told = fixture.watch.run(&["status"]).ends(3);
    for part in ["older accesswatch (schema 2", "`accesswatch doctor` once"] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    let copy = fixture.watch.file("copy.db");
    fixture
        .watch
        .run(&["backup", copy.to_str().unwrap()])
        .ends(0);
    assert!(matches!(
        Store::open_read_only(&copy),
        Err(StoreError::Older { found: 2, .. })
    ));
    fixture.watch.run(&["doctor", "--offline"]).ends(0);
    fixture.watch.run(&["status"]).ends(0);
}

#[test]
fn an_empty_file_in_place_of_the_store_is_called_empty() {
    let fixture = CliFixture::new();
    fixture.watch.write("data/accesswatch.db", "");
    for args in [&["status"][..], &["export", "uptime"]] {
        let told = fixture.watch.run(args).ends(3);
        assert!(told.err.contains("it is empty"), "{}", told.err);
        assert!(!told.err.contains("older"), "{}", told.err);
    }
}

#[test]
fn looking_makes_no_store() {
    let fixture = CliFixture::new();
    fixture.watch.run(&["status"]).ends(0);
    fixture.watch.run(&["incidents"]).ends(0);
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(0);
    assert!(doctor.out.contains("not made yet"), "{}", doctor.out);
    let copy = fixture.watch.file("copy.db");
    let none = fixture
        .watch
        .run(&["backup", copy.to_str().unwrap()])
        .ends(3);
    assert!(
        none.err.contains("`accesswatch run` makes it"),
        "{}",
        none.err
    );
    assert!(!fixture.watch.file("data").exists() && !copy.exists());
}
