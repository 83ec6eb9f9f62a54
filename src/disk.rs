//! Files that are whole at any time: a reader, and a computer that stops, finds the old content or
//! the new one, never a part.
//!
//! The new content is written to a hidden file in the same folder, flushed to the disk, and then
//! renamed. The rename is on disk when the folder is flushed too. A process that is killed leaves
//! its hidden file; [`remove_abandoned`] removes such files.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A file that is being written, and that appears under its name when it is complete. A file that
/// is dropped before it is complete is removed.
#[derive(Debug)]
pub struct WholeFile {
    file: File,
    path: PathBuf,
    part: Part,
}

impl WholeFile {
    /// Begins a file for `path`, with the permissions of the file that is there now.
    pub fn create(path: &Path) -> io::Result<Self> {
        let part = Part::of_file(path);
        let _ = fs::remove_file(&part.0);
        let mut new = OpenOptions::new();
        let file = new.write(true).create_new(true).open(&part.0)?;
        match fs::metadata(path) {
            Ok(old) => file.set_permissions(old.permissions())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(Self {
            file,
            path: path.to_owned(),
            part,
        })
    }

    /// Puts the file in the place of the file that is there, if any.
    pub fn replace(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.part.0, &self.path)?;
        sync_folder(&self.path)
    }

    /// Gives the file its name where no file has it.
    ///
    /// # Errors
    /// `AlreadyExists` when a file is there, also one that appeared meanwhile.
    pub fn publish(self) -> io::Result<()> {
        self.file.sync_all()?;
        // A link is made only where no file is; the part is removed when it is dropped.
        match fs::hard_link(&self.part.0, &self.path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            // A file system without links.
            Err(_) if !self.path.exists() => fs::rename(&self.part.0, &self.path)?,
            Err(error) => return Err(error),
        }
        sync_folder(&self.path)
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for WholeFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// How many files this process has begun.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// The file while it is incomplete: `.NAME.PID.N.part`, of which no two writers have the same. It
/// is removed when it is dropped.
#[derive(Debug)]
struct Part(PathBuf);

impl Part {
    fn of_file(path: &Path) -> Self {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        name.push(format!(".{}.{number}.part", std::process::id()));
        Self(path.with_file_name(name))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is no such file.
        let _ = fs::remove_file(&self.0);
    }
}

/// Writes `bytes` to `path`, in the place of the file that is there, if any.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)?;
    file.replace()
}

/// Writes `bytes` to `path`, where no file has that name.
///
/// # Errors
/// `AlreadyExists` when a file is there.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)?;
    file.publish()
}

/// Replaces a file whose bytes are `old`, and keeps it as `backup`. A computer that stops at any
/// point leaves the old file or the new one under its name, and the backup before the new one.
pub fn replace_with_backup(path: &Path, backup: &Path, old: &[u8], new: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(new)?;
    back_up(path, backup, old)?;
    if fs::read(path)? != old {
        return Err(io::Error::other(
            "the file changed meanwhile; run the command again",
        ));
    }
    file.replace()
}

/// Makes the backup: a second name of the file that is there, or a copy where a file system has no
/// links.
fn back_up(path: &Path, backup: &Path, old: &[u8]) -> io::Result<()> {
    let link = Part::of_file(backup);
    let _ = fs::remove_file(&link.0);
    if fs::hard_link(path, &link.0).is_ok() {
        fs::rename(&link.0, backup)?;
        return sync_folder(backup);
    }
    let mut copy = WholeFile::create(backup)?;
    copy.file
        .set_permissions(fs::metadata(path)?.permissions())?;
    copy.write_all(old)?;
    copy.replace()
}

/// Removes incomplete files that were last written before a time, in `folder` and in the folders up
/// to `depth` levels below it; returns how many. A link to another folder is not followed.
pub fn remove_abandoned(folder: &Path, depth: u32, before: SystemTime) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            if let Some(depth) = depth.checked_sub(1) {
                removed += remove_abandoned(&entry.path(), depth, before)?;
            }
            continue;
        }
        let is_incomplete = entry.file_name().to_str().is_some_and(is_part);
        if is_incomplete && entry.metadata()?.modified()? < before {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Whether a file has a name that [`Part`] gives.
fn is_part(name: &str) -> bool {
    let hidden = name.strip_prefix('.').unwrap_or_default();
    let mut parts = hidden.rsplitn(4, '.');
    let is_number = |part: Option<&str>| part.is_some_and(|n| n.parse::<u64>().is_ok());
    parts.next() == Some("part") && is_number(parts.next()) && is_number(parts.next())
}

/// Flushes the folder of a file, so that a new name is on disk.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_old_content_stays_until_the_new_one_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        write_whole(&path, b"old").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        file.replace().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.toml"]);
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn two_writers_of_one_file_leave_it_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut first = WholeFile::create(&path).unwrap();
        first.write_all(b"fir").unwrap();
        let mut second = WholeFile::create(&path).unwrap();
        second.write_all(b"sec").unwrap();
        first.write_all(b"st").unwrap();
        first.replace().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");
        second.write_all(b"ond").unwrap();
        second.replace().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn a_published_file_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let written = |bytes: &[u8]| {
            let mut file = WholeFile::create(&path).unwrap();
            file.write_all(bytes).unwrap();
            file
        };
        let (first, second) = (written(b"first"), {
            let other = folder.path().join("b.txt");
            let mut file = WholeFile::create(&other).unwrap();
            file.write_all(b"second").unwrap();
            file.path.clone_from(&path);
            file
        });
        first.publish().unwrap();
        let error = second.publish().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_backup_holds_the_old_bytes_and_a_changed_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (path, backup) = (folder.path().join("a.md"), folder.path().join("a.md.bak"));
        fs::write(&path, b"old").unwrap();
        replace_with_backup(&path, &backup, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read(&backup).unwrap(), b"old");
        assert!(replace_with_backup(&path, &backup, b"old", b"newer").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.md", "a.md.bak"]);
    }

    #[test]
    fn only_old_incomplete_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("2026/11");
        fs::create_dir_all(&inner).unwrap();
        let others = [
            ".a.eml",
            ".a.eml.7.x.part",
            ".a.eml.x.0.part",
            ".a.part",
            "a.eml",
            "a.eml.7.0.part",
        ];
        for name in others.iter().chain(&[".a.eml.7.0.part", ".b.gz.7.12.part"]) {
            fs::write(inner.join(name), b"x").unwrap();
        }
        let hour = std::time::Duration::from_secs(3600);
        let earlier = SystemTime::now() - hour;
        assert_eq!(remove_abandoned(folder.path(), 2, earlier).unwrap(), 0);
        let later = SystemTime::now() + hour;
        assert_eq!(remove_abandoned(folder.path(), 1, later).unwrap(), 0);
        assert_eq!(remove_abandoned(folder.path(), 2, later).unwrap(), 2);
        assert_eq!(names(&inner), others);
        assert_eq!(
            remove_abandoned(&folder.path().join("none"), 2, later).unwrap(),
            0
        );
    }

    #[cfg(unix)]
    #[test]
    fn permissions_survive() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.toml");
        fs::write(&path, b"old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        write_whole(&path, b"new").unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
