//! What whoever looks after the computer is told of it.

use crate::model::settings::Language;

/// The sentences of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upkeep {
    pub disk_subject: &'static str,
    pub disk_lead: &'static str,
    pub disk_help: &'static str,
}

/// Those of this language.
#[must_use]
pub fn upkeep(language: Language) -> Upkeep {
    match language {
        Language::En => Upkeep {
            disk_subject: "accesswatch: the disk is nearly full",
            disk_lead: "The disk that holds the records of accesswatch has {free} free. When it is full, nothing is recorded and nobody is told of a change.",
            disk_help: "Free space on that disk. `keep_bodies` and `keep_measurements` under [store] in config/accesswatch.toml decide how much is kept; `accesswatch purge --before DATE` removes more.",
        },
        Language::Ko => Upkeep {
            disk_subject: "accesswatch: 디스크 공간이 거의 없음",
            disk_lead: "accesswatch 기록이 저장된 디스크에 {free}만 남아 있습니다. 공간이 없어지면 아무것도 기록되지 않으며 변화를 알리는 메일도 나가지 않습니다.",
            disk_help: "디스크 공간을 확보해 주십시오. 보관 분량은 config/accesswatch.toml의 [store]에 있는 `keep_bodies`와 `keep_measurements`로 정하며, `accesswatch purge --before DATE`로 더 지울 수 있습니다.",
        },
        Language::Zh => Upkeep {
            disk_subject: "accesswatch：磁盘空间即将用尽",
            disk_lead: "存放 accesswatch 记录的磁盘仅剩 {free}。空间用尽后将无法记录，也不会再发出变化通知。",
            disk_help: "请释放该磁盘的空间。保留多少由 config/accesswatch.toml 中 [store] 的 `keep_bodies` 和 `keep_measurements` 决定；`accesswatch purge --before DATE` 可进一步清除。",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_how_much_is_free() {
        for language in [Language::En, Language::Ko, Language::Zh] {
            let says = upkeep(language);
            assert!(says.disk_lead.contains("{free}"));
            assert!(!says.disk_subject.is_empty() && says.disk_help.contains("purge"));
        }
    }
}
