//! The Simplified Chinese of what matters to readers: states, how serious a loss is, what a catalogue may say of it.

use crate::i18n::weight::{CatalogueNote, Weight};
use crate::model::Code;
use crate::model::expect::ExpectKey;
use crate::model::state::State;
use crate::model::timeline::TimelineKind;

/// What readers get.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Open => "可访问",
        State::Less => "部分受限",
        State::Closed => "无法访问",
        State::Unknown => "尚不得而知",
    }
}

/// How serious it is and for whom: the first line.
#[rustfmt::skip] // a table, one row a line
pub(super) fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Closed => "严重：{source}“{probe}”的读者被拒绝访问（{scope}）。",
        Weight::Reach => "若持续则属严重：{source}“{probe}”的读者无法访问（{scope}）。",
        Weight::Replaced => "严重：{source}“{probe}”的读者看到的是另一个页面（{scope}）。",
        Weight::NextLevel => "严重：{source}“{probe}”的读者无法使用{level}（{scope}）。",
        Weight::Unproven => "严重，或仅为改版：已无法看到{source}“{probe}”的读者能否使用{level}（{scope}）；在有人查看之前，这一部分无人观测。",
        Weight::Figures => "对使用数据的读者有影响：{source}“{probe}”的内容陈旧、缺失或为空（{scope}）。",
        Weight::Rot => "对循链接而来的读者有影响：{source}“{probe}”的网址已不再指向原来的内容（{scope}）。",
        Weight::Maintenance => "应属暂时：{source}“{probe}”公告系统维护（{scope}）。",
        Weight::Slight => "轻微：{source}“{probe}”的页面有变，读者仍可使用（{scope}）。",
        Weight::Declined => "读者是否受影响尚不得而知：{source}“{probe}”不接受自动检查程序的访问（{scope}）。",
        Weight::Unclear => "读者是否受影响尚不得而知：对{source}“{probe}”的观测结果不足以判断（{scope}）。",
    }
}

/// A note for readers; the day stands behind it.
#[rustfmt::skip] // a table, one row a line
pub(super) fn note(note: CatalogueNote) -> &'static str {
    match note {
        CatalogueNote::NextLevel => "{source}“{probe}”：目前不提供{level}，{here}仍可查看。",
        CatalogueNote::Unproven => "{source}“{probe}”：是否仍提供{level}正在核实，{here}仍可查看。",
        CatalogueNote::Stale => "{source}“{probe}”：已有较长时间没有新增内容。",
        CatalogueNote::Shrunk => "{source}“{probe}”：目前列出的内容远少于平时。",
        CatalogueNote::Nulls => "{source}“{probe}”：目前部分数值为空或未更新。",
        CatalogueNote::Empty => "{source}“{probe}”：目前没有可显示的内容。",
        CatalogueNote::Replaced => "{source}“{probe}”：目前显示的是另一个页面。",
        CatalogueNote::Region => "{source}“{probe}”：提供方目前按地域拒绝访问。",
        CatalogueNote::Network => "{source}“{probe}”：目前仅部分网络可以访问。",
        CatalogueNote::Access => "{source}“{probe}”：目前要求登录、订阅或所属机构获得认可。",
        CatalogueNote::Refused => "{source}“{probe}”：目前被拒绝访问。",
        CatalogueNote::Maintenance => "{source}“{probe}”：据提供方公告，正在进行系统维护。",
        CatalogueNote::Rot => "{source}“{probe}”：该网址已不再指向原来的内容，请按题名检索。",
        CatalogueNote::Reach => "{source}“{probe}”：目前无法访问。",
    }
}

/// A kind of event of the past.
pub(super) fn known(kind: TimelineKind) -> &'static str {
    match kind {
        TimelineKind::Announced => "提供方预先公告",
        TimelineKind::Restriction => "停止开放或访问受限",
        TimelineKind::Restored => "全部或部分恢复",
        TimelineKind::Discontinued => "停止发布",
        TimelineKind::Move => "迁至另一网址",
        TimelineKind::Context => "相关背景",
        TimelineKind::Other => "其他情况",
    }
}

/// An expectation of a probe's file.
pub(super) fn expected(key: ExpectKey) -> &'static str {
    match key {
        ExpectKey::Select => "选择器",
        ExpectKey::Level(_) => "下一层级的标志",
        ExpectKey::Status => "状态码",
        ExpectKey::FinalHost => "主机",
        ExpectKey::Title => "标题",
        ExpectKey::TitleNot => "标题中不应有",
        ExpectKey::Contains => "正文",
        ExpectKey::NotContains => "正文中不应有",
        ExpectKey::Type => "类型",
        ExpectKey::MinBytes | ExpectKey::MaxBytes => "字节数",
        ExpectKey::Unknown => "",
    }
}

/// What is seen reads alike in past and present.
pub(super) fn tells(_: Code, seen: &str) -> String {
    seen.to_owned()
}
