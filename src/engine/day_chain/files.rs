//! The two files of the day chain. Their lines are compared with those of the store, and lines that
//! are missing are added at the end.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use crate::disk;

/// The file of the days, in the folder of evidence.
pub const CHAIN: &str = "chain.csv";

/// The file of the changes of verdicts, in the folder of evidence.
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
    /// It ends before line `from` (the first is 0) or within that line. It has `length` bytes of
    /// whole lines; the bytes after them are to be cut off.
    Behind { from: usize, length: u64 },
    /// It has all lines, and more after them.
    Ahead { more: Vec<String> },
    /// A line differs; `lines` are those of the file.
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
    // The last piece, after the last line end, is empty.
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

/// Cuts the file at `length` and adds `lines`. When this returns, the lines are on disk. Without
/// lines, the file is not touched.
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
        // The name of a new file must be on disk too.
        disk::sync_folder(path)?;
    }
    Ok(())
}

/// Adds `lines` after everything that a file holds.
pub(super) fn append_after_all(path: &Path, lines: &[String]) -> io::Result<()> {
    let content = read(path)?;
    let mut all = Vec::new();
    // A last line that has no line end stays, and gets one.
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

    /// Wherever a process stopped while it wrote the file, the next process completes it.
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
    fn existing_lines_are_never_removed() {
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
        append_after_all(&path, &lines("b\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "day\na\nx\nb\n");
        append_after_all(&path, &lines("c\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "day\na\nx\nb\nc\n");
    }
}
