//! What shipped probes and those that `source new` proposes are called, for readers of Chinese and Korean: a probe's file
//! may say otherwise (`name_zh`, `name_ko`), and a library's own names stay as they are written.

use crate::model::Probe;
use crate::model::settings::Language;

/// The name of a probe for readers of a language.
#[must_use]
pub fn of_probe(language: Language, probe: &Probe) -> &str {
    let own = probe.name_in(language);
    if own != probe.name {
        return own;
    }
    let known = NAMES.binary_search_by_key(&own, |(en, ..)| en);
    match (known.ok().and_then(|at| NAMES.get(at)), language) {
        (Some((_, zh, _)), Language::Zh) => zh,
        (Some((.., ko)), Language::Ko) => ko,
        _ => own,
    }
}

/// In the order of their English names, with the Chinese and the Korean one.
#[rustfmt::skip] // a table, one row a line
const NAMES: &[(&str, &str, &str)] = &[
    ("A dissertation, record", "学位论文记录", "학위논문 레코드"),
    ("A regulation, as data", "法规（数据）", "법규(데이터)"),
    ("A regulation, record", "法规记录", "법규 레코드"),
    ("A volume, record", "年鉴分册记录", "연감 권별 레코드"),
    ("Announcements", "公告", "공시"),
    ("Annual reports of environmental statistics, list", "环境统计年报列表", "환경 통계 연보 목록"),
    ("Balances of general debt by province", "各省一般债务余额", "지방별 일반 채무 잔액"),
    ("Case library, home page", "案例库首页", "판례 자료실 홈페이지"),
    ("Central parity rates, newest date", "人民币中间价，最新日期", "위안화 기준환율, 최신 날짜"),
    ("China, country page", "中国（国家页面）", "중국(국가 페이지)"),
    ("Conference paper, record and full-text button", "会议论文", "학술대회 논문"),
    ("Countermeasures, list", "反制措施列表", "대응 조치 목록"),
    ("Court notices, home page", "法院公告首页", "법원 공고 홈페이지"),
    ("Daily overview as a spreadsheet", "每日概况（电子表格）", "일일 개황(스프레드시트)"),
    ("Data and statistics, list", "数据与统计列表", "데이터·통계 목록"),
    ("Data centre page", "数据中心", "데이터 센터"),
    ("Data platform of yearbooks and statistics, home page", "年鉴与统计数据平台首页", "연감·통계 데이터 플랫폼 홈페이지"),
    ("Data releases", "数据发布", "데이터 공표"),
    ("Database, one past day", "数据库（过去某一日）", "데이터베이스(과거 하루)"),
    ("Development and reform data, newest month", "发展改革数据，最新月份", "발전개혁 데이터, 최신 월"),
    ("Dissertation record", "学位论文", "학위논문"),
    ("Dissertation, record and full-text button", "学位论文", "학위논문"),
    ("Energy data", "能源数据", "에너지 데이터"),
    ("Figures of 2026, files", "2026 年数据文件", "2026년 수치 파일"),
    ("Fixing repo rates, newest date", "回购定盘利率，最新日期", "환매조건부 고정금리, 최신 날짜"),
    ("Government bond yields, a fixed week", "国债收益率（固定一周）", "국채 수익률(고정된 한 주)"),
    ("Home page", "首页", "홈페이지"),
    ("Home page or log-in", "首页或登录页", "홈페이지 또는 로그인 페이지"),
    ("Home page, frame", "首页框架", "홈페이지 틀"),
    ("Home page, or where it leads", "首页或其指向", "홈페이지 또는 그 이동 대상"),
    ("Home page, overseas edition", "首页（海外版）", "홈페이지(해외판)"),
    ("Industry data", "行业数据", "산업 데이터"),
    ("Journal article record", "期刊论文", "학술지 논문"),
    ("Journal article, record", "期刊论文记录", "학술지 논문 레코드"),
    ("Journal article, record and full-text button", "期刊论文", "학술지 논문"),
    ("Journal article, what fills the record", "期刊论文记录的数据", "학술지 논문 레코드의 데이터"),
    ("Journal feed, newest issue", "期刊订阅源，最新一期", "학술지 피드, 최신 호"),
    ("Journal navigation, newest issue", "期刊导航，最新一期", "학술지 목록, 최신 호"),
    ("Kinds of laws, as data", "法律类别（数据）", "법률 종류(데이터)"),
    ("Leads to its successor", "指向其后继网站", "후속 사이트로의 연결"),
    ("Legislation, list", "立法列表", "입법 목록"),
    ("Library reader platform, new host", "图书馆读者平台（新主机）", "도서관 이용자 플랫폼(새 호스트)"),
    ("List of companies", "公司列表", "기업 목록"),
    ("List of releases, newest date", "发布列表，最新日期", "공표 목록, 최신 날짜"),
    ("List of surveys", "调查列表", "조사 목록"),
    ("Log-in page", "登录页", "로그인 페이지"),
    ("Market statistics page", "市场统计", "시장 통계"),
    ("Monthly public finance, newest date", "月度财政收支，最新日期", "월별 재정, 최신 날짜"),
    ("National standards, list", "国家标准列表", "국가 표준 목록"),
    ("Newspaper article, record and full-text button", "报纸文章", "신문 기사"),
    ("Notices of land sales, newest day", "土地出让公告，最新日期", "토지 양도 공고, 최신 날짜"),
    ("Notices, newest date", "公告，最新日期", "공고, 최신 날짜"),
    ("Old address of a record (KCMS/detail)", "记录的旧网址（KCMS/detail）", "레코드의 옛 주소(KCMS/detail)"),
    ("Old address of results", "检索结果的旧网址", "검색 결과의 옛 주소"),
    ("Overview by kind of security", "证券类别概况", "증권 종류별 개황"),
    ("Paper of the day", "当日报纸", "오늘의 신문"),
    ("Papers of issues, newest date", "各期论文，最新日期", "호별 논문, 최신 날짜"),
    ("Planning department, list", "规划司列表", "계획 부서 목록"),
    ("Policies, newest date", "政策文件，最新日期", "정책, 최신 날짜"),
    ("Population census 2020, main figures", "2020 年人口普查主要数据", "2020년 인구 총조사 주요 수치"),
    ("Population census on the data platform", "数据平台上的人口普查", "데이터 플랫폼의 인구 총조사"),
    ("Preprint record and PDF link", "预印本", "사전 출판 논문"),
    ("Procurement notices, newest date", "采购公告，最新日期", "조달 공고, 최신 날짜"),
    ("Quotes page", "行情页面", "시세 페이지"),
    ("Regulations in force, list", "现行法规列表", "시행 중인 법규 목록"),
    ("Releases explained, newest date", "数据解读，最新日期", "통계 해설, 최신 날짜"),
    ("Search page", "检索页", "검색 페이지"),
    ("Search page, domestic edition", "检索页（国内版）", "검색 페이지(중국 내 판)"),
    ("Shanghai Composite, quote", "上证指数行情", "상하이 종합지수 시세"),
    ("Standards information platform", "标准信息平台", "표준 정보 플랫폼"),
    ("Statistical information, list", "统计信息列表", "통계 정보 목록"),
    ("Statistical yearbook chapter, record and full-text button", "统计年鉴章节", "통계 연감"),
    ("Statistical yearbooks, list", "统计年鉴列表", "통계 연감 목록"),
    ("Statistics", "统计数据", "통계"),
    ("Statistics, home page", "统计首页", "통계 홈페이지"),
    ("Statistics, list of topics", "统计专题列表", "통계 주제 목록"),
    ("Statistics, newest date", "统计数据，最新日期", "통계, 최신 날짜"),
    ("Statute, record and text", "法律文本", "법률 본문"),
    ("Stock Connect northbound, daily", "沪深股通每日数据", "후강퉁·선강퉁 북향 일일 데이터"),
    ("Stock Connect southbound, daily", "港股通每日数据", "강구퉁 남향 일일 데이터"),
    ("The licensed job still writes its file", "授权任务仍在写入文件", "인가된 작업의 파일 기록"),
    ("The old host still answers", "旧主机仍有回应", "옛 호스트의 응답"),
    ("The old host still leads to the new one", "旧主机仍指向新主机", "옛 호스트에서 새 호스트로의 연결"),
    ("Today's paper, newest date", "当日报纸，最新日期", "오늘의 신문, 최신 날짜"),
    ("Urban unemployment, nine series", "城镇失业率（九个序列）", "도시 실업률(9개 계열)"),
    ("Weekly figures of the securities market, list", "证券市场周度数据列表", "증권 시장 주간 수치 목록"),
    ("What the licensed terminal's job saw", "授权终端任务所见", "인가된 단말기 작업이 본 것"),
    ("Yearbook chapter, record", "年鉴章节记录", "연감 장별 레코드"),
    ("Yearbooks on the data platform, frame", "数据平台上的年鉴（框架）", "데이터 플랫폼의 연감(틀)"),
    ("Yearly bulletins, newest date", "年度公报，最新日期", "연간 공보, 최신 날짜"),
    ("Zhizhen, home page", "智真首页", "즈전 홈페이지"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_order() {
        assert!(NAMES.is_sorted_by_key(|(en, ..)| *en));
        for (en, zh, ko) in NAMES {
            let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
            let hangul = |c: char| matches!(c, '가'..='힣');
            assert!(zh.chars().any(han) && !zh.contains(", "), "{en}: {zh}");
            assert!(ko.chars().any(hangul) && !ko.chars().any(han), "{en}: {ko}");
        }
    }
}
