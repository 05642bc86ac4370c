//! Chinese names: traditional characters as simplified ones, surname and given name, the short forms of daily life.

use crate::domain::{fold, pinyin};

/// Traditional characters that names of people, places and companies are written with, each before its simplified one.
const PAIRS: &str = "\
張张偉伟劉刘陳陈楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢許许韓韩馮冯蕭萧葉叶盧卢蔣蒋蔡蔡賈贾\
閻阎鍾钟譚谭陸陆範范賴赖龍龙萬万錢钱湯汤賀贺龔龚嚴严魯鲁顧顾齊齐龐庞顏颜藍蓝關关連连莊庄聶聂\
鄧邓竇窦葦苇婁娄歐欧陽阳諸诸葛葛獨独孤孤單单於于遲迟長长鮮鲜軒轩轅辕紀纪應应寧宁項项華华喬乔\
鄒邹駱骆陰阴畢毕樂乐詹詹談谈鄔邬宮宫邊边衛卫鳳凤儀仪國国强強慶庆東东軍军傑杰濤涛輝辉剛刚勇勇\
靜静麗丽豔艳艷艳蘭兰紅红霞霞燕燕玲玲萍萍鵬鹏飛飞雲云鑫鑫瑩莹婭娅嬌娇媽妈寶宝貴贵榮荣華华\
夢梦曉晓雪雪穎颖瓊琼瑤瑶綺绮緒绪綸纶維维綠绿練练紹绍經经細细終终組组結结給给絡络統统絲丝\
學学習习賢贤質质資资賓宾賞赏賜赐購购贏赢贊赞鋼钢鐵铁銀银銘铭鋒锋錦锦鎮镇鏡镜鑄铸鑒鉴鈞钧鈺钰\
啟启啓启開开閩闽聞闻閣阁闊阔闖闯門门間间問问陝陕隊队際际隨随險险隱隐雙双離离難难霧雾靈灵\
電电雷雷順顺須须預预領领題题額额風风颯飒館馆饒饶駿骏驍骁驛驿騰腾騎骑驗验魚鱼鮑鲍鴻鸿鵑鹃\
鷹鹰鶴鹤麥麦黨党齡龄龜龟業业義义傳传僑侨價价儲储優优兒儿內内兩两冊册凱凯劍剑劑剂動动務务\
勝胜勞劳勳勋匯汇區区協协卻却厲厉參参號号嗎吗嘆叹嘯啸嚮向園园圖图團团執执堅坚場场塊块塵尘\
墻墙壯壮壽寿夾夹奧奥奪夺奮奋婦妇媛媛嬋婵孫孙孿孪宋宋實实審审寬宽導导將将專专尋寻對对\
屆届層层屬属岡冈島岛峽峡嶺岭嶽岳巖岩巔巅巢巢帥帅師师帶带幫帮幣币廈厦廣广廟庙廠厂廬庐廳厅\
張张彈弹後后徑径從从復复徵征德德徹彻愛爱態态慧慧憲宪懷怀懿懿戀恋戰战戲戏戶户擁拥擇择擊击\
據据撫抚擴扩攝摄敗败敵敌數数斷断時时晉晋晝昼暉晖暢畅曄晔曆历書书會会朧胧條条來来業业極极\
構构樣样樓楼標标樞枢機机樹树橋桥橫横檔档檢检櫻樱權权歡欢歲岁歷历歸归殘残殼壳氣气漢汉沖冲\
況况潔洁淚泪淺浅減减測测湊凑滿满漁渔滬沪濱滨濟济濰潍瀋沈灣湾灤滦為为烏乌無无煒炜煥焕熱热\
燁烨燦灿爾尔爭争狀状獅狮獎奖獲获環环現现瑪玛璣玑產产畫画異异當当療疗發发盜盗盡尽監监盤盘\
眾众睿睿瞭了礎础礦矿禮礼禎祯禪禅種种稱称積积穌稣穩稳窮穷競竞筆笔築筑節节簡简簽签糧粮約约\
紡纺純纯紙纸級级紋纹織织繼继續续繡绣繪绘羣群聖圣聯联聰聪聲声職职聽听肅肃脈脉腦脑腳脚臺台\
與与興兴舉举舊旧艦舰藝艺蘇苏蘋苹蓮莲薦荐藥药蘊蕴處处虛虚蟲虫術术衝冲裝装裡里裏里補补見见\
規规視视覺觉覽览親亲觀观計计訂订訊讯記记設设訪访許许評评詞词試试詩诗誠诚話话該该詳详語语\
誌志認认誕诞調调請请論论識识證证譜谱譯译議议護护讓让豐丰貝贝財财販贩貨货貿贸費费貳贰賽赛\
賴赖趕赶跡迹躍跃車车軌轨軟软載载較较輔辅輕轻輪轮輸输轄辖轉转農农運运過过達达違违遠远適适\
遙遥遞递選选還还邁迈郵邮鄉乡釋释針针鐘钟韋韦韻韵頂顶頁页頓顿頻频飯饭飲饮飾饰養养餐餐馬马\
駕驾龔龚體体澤泽滌涤漸渐潤润澀涩澗涧濃浓濛蒙瀾澜營营爐炉塗涂墾垦壓压徐徐凌凌淩凌峯峰";

/// What follows a surname in place of a given name, when one speaks of somebody.
const HONORIFICS: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "太太",
    "夫人",
    "同学",
    "师傅",
    "老师",
    "医生",
    "大夫",
    "教授",
    "博士",
    "律师",
    "总经理",
    "副总",
    "经理",
    "主任",
    "主管",
    "部长",
    "处长",
    "科长",
    "局长",
    "校长",
    "院长",
    "厂长",
    "董事长",
    "董事",
    "老板",
    "总监",
    "总裁",
    "工程师",
    "助理",
    "书记",
    "总",
    "工",
    "董",
    "哥",
    "姐",
    "叔",
    "阿姨",
];

/// What stands before a surname or a given name among people who know each other.
const PREFIXES: [char; 3] = ['小', '老', '阿'];

/// `text` with traditional characters as simplified ones, as far as names need it.
pub fn simplified(text: &str) -> String {
    text.chars().map(simple).collect()
}

fn simple(letter: char) -> char {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let mut table = HashMap::new();
        let mut letters = PAIRS.chars();
        while let (Some(from), Some(to)) = (letters.next(), letters.next()) {
            table.entry(from).or_insert(to);
        }
        table
    });
    if !fold::is_han(letter) {
        return letter;
    }
    TABLE.get(&letter).copied().unwrap_or(letter)
}

/// A Chinese name in its parts; either may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// The surname.
    pub surname: String,
    /// The given name; empty in 王先生 and 老王.
    pub given: String,
}

/// Takes a Chinese name apart: 欧阳明 is 欧阳 and 明, 王总 and 老王 are 王, 阿强 is only the given name 强.
///
/// `name` is simplified and has Chinese characters alone; one of more than four is no name of a person in Chinese and
/// gives the whole as given name.
pub fn parts(name: &str) -> Parts {
    let letters: Vec<char> = name.chars().collect();
    for honorific in HONORIFICS {
        if let Some(before) = name.strip_suffix(honorific)
            && is_surname(before)
        {
            return Parts {
                surname: before.to_owned(),
                given: String::new(),
            };
        }
    }
    // Behind a whole name it only counts if it cannot be the end of one: 张伟先生, but 张晓工.
    let behind = |honorific: &&&str| {
        let before = name
            .strip_suffix(**honorific)
            .map_or(0, |before| before.chars().count());
        honorific.chars().count() >= 2 && (2..=4).contains(&before)
    };
    if let Some(honorific) = HONORIFICS.iter().find(behind) {
        return parts(name.strip_suffix(honorific).unwrap_or(name));
    }
    let whole = |letters: &[char]| letters.iter().collect::<String>();
    match letters.as_slice() {
        ['阿', rest @ ..] if (1..=2).contains(&rest.len()) => Parts {
            surname: String::new(),
            given: whole(rest),
        },
        [prefix, one] if PREFIXES.contains(prefix) => Parts {
            surname: one.to_string(),
            given: String::new(),
        },
        [one, other, rest @ ..] if rest.len() <= 2 && pinyin::is_double_surname(&whole(&[*one, *other])) => {
            Parts {
                surname: whole(&[*one, *other]),
                given: whole(rest),
            }
        }
        [one, rest @ ..] if rest.len() <= 3 => Parts {
            surname: one.to_string(),
            given: whole(rest),
        },
        _ => Parts {
            surname: String::new(),
            given: name.to_owned(),
        },
    }
}

fn is_surname(text: &str) -> bool {
    text.chars().count() == 1 || pinyin::is_double_surname(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_names_apart() {
        for (name, surname, given) in [
            ("张伟", "张", "伟"),
            ("李晓明", "李", "晓明"),
            ("欧阳明", "欧阳", "明"),
            ("司徒雷登", "司徒", "雷登"),
            ("欧阳", "欧阳", ""),
            ("王总", "王", ""),
            ("王总经理", "王", ""),
            ("张伟先生", "张", "伟"),
            ("张晓工", "张", "晓工"),
            ("欧阳老师", "欧阳", ""),
            ("老王", "王", ""),
            ("小张", "张", ""),
            ("阿强", "", "强"),
            ("伟", "伟", ""),
            ("", "", ""),
        ] {
            let found = parts(name);
            assert_eq!(
                (found.surname.as_str(), found.given.as_str()),
                (surname, given),
                "{name}"
            );
        }
    }

    #[test]
    fn simplifies() {
        assert_eq!(simplified("張偉 Wei"), "张伟 Wei");
        assert_eq!(simplified("上海華東電子有限公司"), "上海华东电子有限公司");
    }

    #[test]
    fn what_is_simple_stays() {
        let letters: Vec<char> = PAIRS.chars().collect();
        assert_eq!(letters.len() % 2, 0);
        for pair in letters.chunks(2) {
            assert!(pair.iter().all(|letter| fold::is_han(*letter)), "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(name in any::<String>()) {
            let simple = simplified(&name);
            prop_assert_eq!(&simplified(&simple), &simple);
            let _ = parts(&simple);
        }
    }
}
