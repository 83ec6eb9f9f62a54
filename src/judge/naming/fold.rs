//! One spelling for words of East Asian notices: traditional and Japanese characters become
//! simplified ones, spaces between East Asian characters are removed, Latin letters become lower
//! case.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Pairs: a traditional or Japanese form, then the simplified one. The Japanese 録 is kept, because
/// 登録 means to register and 登录 to log in.
const PAIRS: &str = "國国際际區区內内與与爲为為为無无關关開开閉闭閒闲間间網网絡络頁页頻频頓顿項项須须預预頂顶順顺顯显題题\
額额顧顾類类風风飛飞飯饭馬马驗验體体點点麼么麗丽齊齐龍龙龜龟東东車车軟软軌轨轉转輕轻輸输辦办農农連连週周進进遊游運运過过\
達达違违遠远適适選选遷迁還还邊边郵邮鄉乡釋释鈕钮銀银錄录錯错鍵键鎖锁鏈链鏡镜長长門门閱阅閲阅閣阁陸陆陽阳階阶隊队險险隨随\
雙双雜杂離离難难電电靜静響响頭头養养館馆駐驻騙骗鬧闹鮮鲜麥麦黃黄黨党壓压團团圖图図图執执報报場场塊块壞坏壹一處处備备\
夠够夢梦奪夺奧奥媽妈學学孫孙寫写寬宽審审實实実实寶宝將将專专尋寻對对対对導导屆届屬属層层島岛師师帳账幣币幹干幾几庫库應应応应\
廣广廢废廳厅張张強强彈弹彙汇徑径從从復复復复徵征後后恆恒惡恶悅悦愛爱態态慮虑憑凭憲宪懷怀戰战戲戏戶户戸户拋抛捨舍掃扫掛挂採采\
換换揮挥損损搖摇擇择擊击攻攻據据拠据擴扩擬拟攝摄攔拦數数敵敌斷断於于時时晉晋暫暂書书會会構构樣样槍枪標标樹树機机檔档檢检検检權权権权\
歐欧歡欢歲岁歷历歸归殘残殺杀氣气決决沒没沖冲況况洩泄測测準准湯汤滅灭滿满満满漢汉潔洁潤润濟济済济瀏浏灣湾災灾為为熱热燈灯燒烧營营爭争\
狀状獎奖獨独獲获現现環环產产畫画畫画異异當当療疗癥症發发発发盡尽監监盤盘眾众瞭了確确碼码礎础禮礼禁禁種种稱称穩稳窮穷競竞筆笔節节範范\
築筑簡简簽签籍籍糧粮紀纪約约級级紅红納纳純纯紙纸組组細细終终經经経经結结給给統统絕绝維维綱纲綜综緊紧線线編编緩缓績绩績绩繁繁總总繳缴繼继続续續续\
罰罚羅罗習习聯联聲声職职聽听腦脑腳脚臉脸臨临舉举舊旧艙舱藝艺藥药蘇苏虛虚號号虧亏術术衛卫衝冲補补裝装裡里製制複复見见規规視视覽览覧览觀观觸触計计訂订\
訊讯討讨訓训託托記记訪访設设許许訴诉診诊註注評评詞词詢询試试話话該该詳详認认誌志語语誤误說说説说読读課课調调談谈請请論论諮咨證证証证識识譯译議议護护讀读變变変变讓让\
負负財财責责貨货販贩貫贯貸贷費费貼贴貿贸賀贺資资賬账賞赏賠赔質质購购贈赠贊赞跡迹跳跳踐践轄辖載载輯辑輪轮辭辞辯辩遞递遲迟遺遗鄰邻醫医釣钓銷销錢钱鐵铁鑑鉴閃闪閥阀闖闯\
陳陈陰阴隱隐雲云霧雾頒颁領领飾饰餘余饋馈駛驶驅驱驟骤鬆松鳥鸟單单単单嘗尝嚴严囑嘱圍围園园圓圆圧压団团個个們们倉仓側侧偵侦偽伪傑杰傳传債债傷伤僅仅僱雇價价価价億亿優优儲储兌兑兒儿兩两\
冊册凍冻凈净則则剛刚創创劃划劇剧劍剑劑剂動动務务勝胜勞劳勢势匯汇協协卻却厭厌參参吳吴員员問问啟启啓启喪丧喚唤嗎吗噴喷換换提提擔担擋挡択择構构況况滯滞漸渐潛潜潰溃澤泽濾滤爾尔牆墙狹狭獄狱\
獵猎瑪玛礙碍祕秘禦御穀谷穫获稅税縣县縮缩縱纵繪绘織织繫系罷罢羣群聰聪肅肃脈脉腫肿膚肤臺台臟脏舖铺艦舰蓋盖蔣蒋薦荐藍蓝處处蟲虫螢萤衆众袋袋裏里襲袭訳译誠诚誰谁諒谅謝谢譽誉貢贡貳贰貴贵買买賓宾賣卖売卖賴赖趙赵\
躍跃軍军輔辅輩辈輿舆轟轰込入遅迟郤却鄭郑釐厘鍾钟鎮镇閩闽闆板闊阔闡阐陣阵際际隻只雖虽韓韩頗颇飲饮餐餐駕驾髒脏鬥斗鹽盐齡龄齢龄";

static FOLDS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = PAIRS.chars().collect();
    chars
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
});

/// One character in its folded form.
pub(super) fn character(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c {
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        '―' | '–' | '—' => '-',
        _ => FOLDS.get(&c).copied().unwrap_or(c),
    }
}

/// A text in its folded form; the input is in NFKC.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut last_is_east = true;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let east = is_east_asian(c);
        if gap && !out.is_empty() && !east && !last_is_east {
            out.push(' ');
        }
        gap = false;
        last_is_east = east;
        out.push(character(c));
    }
    // Three spellings of one word.
    if out.contains("登入") || out.contains("登陆") {
        out = out.replace("登入", "登录").replace("登陆", "登录");
    }
    out
}

/// Characters that are written without spaces, or whose spaces carry no meaning.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_is_spelt_the_same() {
        assert_eq!(text("您 所在的國家／地區"), "您所在的国家／地区");
        assert_eq!(text("Your  IP 位址 is BLOCKED"), "your ip位址is blocked");
        assert_eq!(text("해외 접속이 차단"), "해외접속이차단");
        assert_eq!(text("会員登録"), "会员登録");
        assert_eq!(text("請先登入、登陸或登錄"), "请先登录、登录或登录");
        assert_eq!(text("can’t"), "can't");
    }

    #[test]
    fn every_pair_is_a_pair() {
        assert_eq!(PAIRS.chars().count() % 2, 0);
        assert!(FOLDS.len() > 400);
        // A form that is folded is not the simplified form of a character, so that folding twice
        // changes nothing.
        for to in FOLDS.values() {
            assert_eq!(character(*to), *to);
        }
    }
}
