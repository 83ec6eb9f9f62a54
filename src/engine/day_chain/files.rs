//! The two files of the day chain: what they hold is compared with what the store has, and what is
//! missing is added after it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use crate::disk;

/// The days, in the folder of evidence.
pub const CHAIN: &str = "chain.csv";

/// The changes of verdicts, in the folder of evidence.
pub const CHANGES: &str = "changes.tsv";

/// The folder of the time stamps, in the folder of evidence.
pub const STAMPS: &str = "tsr";

/// The most bytes of a file that are read; a century of days has 8 MB.
pub(super) const MAX_FILE: u64 = 1 << 30;

/// How the lines of a file compare with the lines that it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileState {
    /// It has all lines and no other.
    Complete,
    /// It ends before line `from`, perhaps within that line: then the bytes after `length` are cut
    /// off.
    Behind { from: usize, length: u64 },
    /// It has all lines, and more after them.
    Ahead { more: Vec<String> },
    /// Some line differs.
    Differs { lines: Vec<String> },
}

/// The content of a file; empty when it is missing.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut content = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_FILE {
        let what = format!("the file has more than {MAX_FILE} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    Ok(content)
}

/// Compares `content` with the lines that it should have.
pub(super) fn compare(content: &[u8], expected: &[String]) -> FileState {
    let end = memchr::memrchr(b'\n', content).map_or(0, |at| at + 1);
    let (whole, tail) = content.split_at(end);
    let lines: Vec<String> = whole
        .split(|b| *b == b'\n')
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    // The last piece follows the last line end and is empty.
    let lines = &lines[..lines.len() - 1];
    let common = lines.iter().zip(expected).take_while(|(a, b)| a == b);
    let common = common.count();
    let is_torn = |next: &String| next.as_bytes().starts_with(tail);
    if common == lines.len() && common < expected.len() && is_torn(&expected[common]) {
        return FileState::Behind {
            from: common,
            length: end as u64,
        };
    }
    if common == expected.len() && tail.is_empty() {
        let more = lines[common..].to_vec();
        return if more.is_empty() {
            FileState::Complete
        } else {
            FileState::Ahead { more }
        };
    }
    let mut lines = lines.to_vec();
    if !tail.is_empty() {
        lines.push(String::from_utf8_lossy(tail).into_owned());
    }
    FileState::Differs { lines }
}

/// Cuts the file at `length` and adds `lines`; when it returns, they are on disk.
pub(super) fn append(path: &Path, length: u64, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let is_new = !path.exists();
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    file.set_len(length)?;
    file.seek(io::SeekFrom::End(0))?;
    let mut text = lines.join("\n");
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if is_new {
        // Now the name of the file is on disk too.
        disk::sync_folder(path)?;
    }
    Ok(())
}

/// Adds `lines` to a file, whatever its end.
pub(super) fn append_behind(path: &Path, lines: &[String]) -> io::Result<()> {
    let content = read(path)?;
    let mut all = Vec::new();
    // A last line without its end stays as it is, and is ended.
    let is_open = content.last().is_some_and(|last| *last != b'\n');
    if is_open && !lines.is_empty() {
        all.push(String::new());
    }
    all.extend_from_slice(lines);
    append(path, content.len() as u64, &all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_terminator('\n').map(str::to_owned).collect()
    }

    /// Wherever a process ended within its writing, the next one completes the file.
    #[test]
    fn a_file_that_was_cut_anywhere_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/a.csv");
        let whole = "day,root\n2026-11-28,aa\n2026-11-29,bb\n";
        for cut in 0..=whole.len() {
            let state = compare(&whole.as_bytes()[..cut], &lines(whole));
            if cut == whole.len() {
                assert_eq!(state, FileState::Complete);
                continue;
            }
            let FileState::Behind { from, length } = state else {
                panic!("{cut}: {state:?}");
            };
            append(&path, 0, &lines("x")).unwrap();
            fs::write(&path, &whole[..cut]).unwrap();
            append(&path, length, &lines(whole)[from..]).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), whole, "{cut}");
        }
    }

    #[test]
    fn what_stands_there_is_never_taken_away() {
        let expected = lines("day\na\nb\n");
        let more = lines("c\n");
        assert_eq!(
            compare(b"day\na\nb\nc\n", &expected),
            FileState::Ahead { more }
        );
        for other in ["day\nx\nb\n", "day\na\nx", "day\na\nb\nto"] {
            let state = compare(other.as_bytes(), &expected);
            assert_eq!(
                state,
                FileState::Differs {
                    lines: lines(other)
                }
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "day\na\nx").unwrap();
        append_behind(&path, &lines("b\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "day\na\nx\nb\n");
        append_behind(&path, &lines("c\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "day\na\nx\nb\nc\n");
    }
}
