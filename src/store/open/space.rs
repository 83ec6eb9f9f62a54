//! Free space on the disk: without it nothing is recorded, and nobody notices.

use std::path::Path;

/// With less free space, the data of the next weeks may not fit,
const LOW: u64 = 100 << 20;
/// unless this is more than one part in this many: a small disk is small on purpose.
const PARTS: u64 = 10;

/// A disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// Bytes that this user can still write.
    pub free: u64,
    pub all: u64,
}

impl DiskSpace {
    /// The disk of `path`; `None` when the system does not say.
    #[must_use]
    pub fn containing(path: &Path) -> Option<Self> {
        let folder = path.ancestors().skip(1).find(|folder| folder.is_dir())?;
        let facts = rustix::fs::statvfs(folder).ok()?;
        Some(Self {
            free: facts.f_bavail.saturating_mul(facts.f_frsize),
            all: facts.f_blocks.saturating_mul(facts.f_frsize),
        })
    }

    #[must_use]
    pub fn is_low(self) -> bool {
        self.free < LOW && self.free < self.all / PARTS
    }
}

/// `12 MiB`, `3.4 GiB`.
#[must_use]
pub fn shown(bytes: u64) -> String {
    let mib = bytes >> 20;
    if mib < 1024 {
        return format!("{mib} MiB");
    }
    format!("{}.{} GiB", mib / 1024, mib % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_told_where_the_file_is_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let space = DiskSpace::containing(&folder.path().join("not/yet/there.db")).unwrap();
        assert!(space.free > 0 && space.free <= space.all, "{space:?}");
        let is_low = |free: u64, all: u64| {
            DiskSpace {
                free: free << 20,
                all: all << 20,
            }
            .is_low()
        };
        assert!(is_low(99, 10_000));
        assert!(!is_low(101, 10_000));
        assert!(!is_low(1, 2), "a small disk with room");
        assert!(is_low(0, 2));
        assert_eq!(shown(0), "0 MiB");
        assert_eq!(shown(99 << 20), "99 MiB");
        assert_eq!(shown((3 << 30) + (512 << 20)), "3.5 GiB");
    }
}
