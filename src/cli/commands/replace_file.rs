//! Writes a file so that it is whole at any time: the old one or the new one, never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes `bytes` to `path`. Where a file is there, `overwrite` says whether it may be replaced.
pub(super) fn write_file(path: &Path, bytes: &[u8], overwrite: bool) -> io::Result<()> {
    let unfinished = unfinished(path);
    write_unfinished(&unfinished, bytes, None)?;
    let done = if overwrite {
        fs::rename(&unfinished, path)
    } else {
        // A link is made only where no file is, also when one appears meanwhile.
        match fs::hard_link(&unfinished, path) {
            Ok(()) => fs::remove_file(&unfinished),
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => Err(why),
            // A file system without links.
            Err(_) if !path.exists() => fs::rename(&unfinished, path),
            Err(why) => Err(why),
        }
    };
    if done.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    done?;
    sync_folder(path)
}

/// Replaces a file whose bytes are `old` and keeps it as `backup`. A kill at any point leaves the
/// old file or the new one under its name, and the backup before the new one.
pub(super) fn replace_file(path: &Path, backup: &Path, old: &[u8], new: &[u8]) -> io::Result<()> {
    let unfinished = unfinished(path);
    write_unfinished(&unfinished, new, Some(path))?;
    let done = keep(path, backup, old).and_then(|()| {
        if fs::read(path)? == old {
            fs::rename(&unfinished, path)
        } else {
            Err(io::Error::other(
                "the file changed meanwhile; run the command again",
            ))
        }
    });
    if done.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    done?;
    sync_folder(path)
}

/// Makes the backup: another name of the file that is there, which is replaced afterwards.
fn keep(path: &Path, backup: &Path, old: &[u8]) -> io::Result<()> {
    let link = unfinished(backup);
    let _ = fs::remove_file(&link);
    if fs::hard_link(path, &link).is_err() {
        write_unfinished(&link, old, Some(path))?;
    }
    fs::rename(&link, backup)?;
    sync_folder(path)
}

fn write_unfinished(path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = like
        .map_or(Ok(()), |like| {
            file.set_permissions(fs::metadata(like)?.permissions())
        })
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// The name of a file until it is whole.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    path.with_file_name(name)
}

/// The name of a file is on disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
