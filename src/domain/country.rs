//! Countries: ISO 3166-1, and the names by which people write them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::fold;

/// Two letters, three letters, English name, Chinese name, other names.
type Country = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

/// The code of the country that `text` names: by two or three letters, or by a name in English, Chinese or its own
/// language, in any case and with or without accents.
pub fn parse(text: &str) -> Option<&'static str> {
    static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let mut codes = HashMap::with_capacity(COUNTRIES.len() * 5);
        for (code, three, english, chinese, others) in COUNTRIES {
            for name in [code, three, english, chinese].into_iter().chain(others.iter()) {
                codes.entry(key(name)).or_insert(*code);
            }
        }
        codes
    });
    CODES.get(&key(text)).copied()
}

/// The English name of the country with this code of two letters.
pub fn name(code: &str) -> Option<&'static str> {
    find(code).map(|(_, _, english, _, _)| *english)
}

/// The Chinese name of the country with this code of two letters.
pub fn chinese_name(code: &str) -> Option<&'static str> {
    find(code).map(|(_, _, _, chinese, _)| *chinese)
}

fn find(code: &str) -> Option<&'static Country> {
    COUNTRIES
        .iter()
        .find(|country| country.0.eq_ignore_ascii_case(code))
}

/// Folded, without an article and without signs: `The U.S.A.` is `usa`.
fn key(text: &str) -> String {
    let folded = fold::fold(text).replace('&', " and ");
    let mut key = String::with_capacity(folded.len());
    for word in folded.split(|letter: char| letter.is_whitespace() || letter == '-') {
        let start = key.len();
        key.extend(word.chars().filter(|letter| letter.is_alphanumeric()));
        let word = key.get(start..).unwrap_or_default();
        // At the beginning it is the code of Andorra.
        if word == "the" || (word == "and" && start > 0) {
            key.truncate(start);
        }
    }
    key
}

// One country a line; the formatter would make it two thousand lines.
#[rustfmt::skip]
const COUNTRIES: &[Country] = &[
    ("AD", "AND", "Andorra", "安道尔", &[]),
    ("AE", "ARE", "United Arab Emirates", "阿联酋", &["UAE", "Emirates", "阿拉伯联合酋长国"]),
    ("AF", "AFG", "Afghanistan", "阿富汗", &[]),
    ("AG", "ATG", "Antigua and Barbuda", "安提瓜和巴布达", &[]),
    ("AI", "AIA", "Anguilla", "安圭拉", &[]),
    ("AL", "ALB", "Albania", "阿尔巴尼亚", &["Shqipëria"]),
    ("AM", "ARM", "Armenia", "亚美尼亚", &[]),
    ("AO", "AGO", "Angola", "安哥拉", &[]),
    ("AQ", "ATA", "Antarctica", "南极洲", &[]),
    ("AR", "ARG", "Argentina", "阿根廷", &["Argentinien"]),
    ("AS", "ASM", "American Samoa", "美属萨摩亚", &[]),
    ("AT", "AUT", "Austria", "奥地利", &["Österreich", "Oesterreich"]),
    ("AU", "AUS", "Australia", "澳大利亚", &["澳洲", "Australien"]),
    ("AW", "ABW", "Aruba", "阿鲁巴", &[]),
    ("AX", "ALA", "Åland Islands", "奥兰群岛", &["Åland"]),
    ("AZ", "AZE", "Azerbaijan", "阿塞拜疆", &[]),
    ("BA", "BIH", "Bosnia and Herzegovina", "波斯尼亚和黑塞哥维那", &["Bosnia", "波黑"]),
    ("BB", "BRB", "Barbados", "巴巴多斯", &[]),
    ("BD", "BGD", "Bangladesh", "孟加拉国", &["孟加拉"]),
    ("BE", "BEL", "Belgium", "比利时", &["België", "Belgique", "Belgien"]),
    ("BF", "BFA", "Burkina Faso", "布基纳法索", &[]),
    ("BG", "BGR", "Bulgaria", "保加利亚", &["България"]),
    ("BH", "BHR", "Bahrain", "巴林", &[]),
    ("BI", "BDI", "Burundi", "布隆迪", &[]),
    ("BJ", "BEN", "Benin", "贝宁", &[]),
    ("BL", "BLM", "Saint Barthélemy", "圣巴泰勒米", &["St. Barts"]),
    ("BM", "BMU", "Bermuda", "百慕大", &[]),
    ("BN", "BRN", "Brunei", "文莱", &["Brunei Darussalam"]),
    ("BO", "BOL", "Bolivia", "玻利维亚", &["Plurinational State of Bolivia"]),
    ("BQ", "BES", "Caribbean Netherlands", "荷属加勒比区", &["Bonaire, Sint Eustatius and Saba", "Bonaire"]),
    ("BR", "BRA", "Brazil", "巴西", &["Brasil", "Brasilien"]),
    ("BS", "BHS", "Bahamas", "巴哈马", &[]),
    ("BT", "BTN", "Bhutan", "不丹", &[]),
    ("BV", "BVT", "Bouvet Island", "布韦岛", &[]),
    ("BW", "BWA", "Botswana", "博茨瓦纳", &[]),
    ("BY", "BLR", "Belarus", "白俄罗斯", &["Беларусь"]),
    ("BZ", "BLZ", "Belize", "伯利兹", &[]),
    ("CA", "CAN", "Canada", "加拿大", &["Kanada"]),
    ("CC", "CCK", "Cocos (Keeling) Islands", "科科斯群岛", &["Cocos Islands"]),
    ("CD", "COD", "DR Congo", "刚果（金）", &["Democratic Republic of the Congo", "Congo-Kinshasa", "刚果民主共和国"]),
    ("CF", "CAF", "Central African Republic", "中非共和国", &["中非"]),
    ("CG", "COG", "Congo", "刚果（布）", &["Republic of the Congo", "Congo-Brazzaville", "刚果"]),
    ("CH", "CHE", "Switzerland", "瑞士", &["Schweiz", "Suisse", "Svizzera"]),
    ("CI", "CIV", "Côte d'Ivoire", "科特迪瓦", &["Ivory Coast"]),
    ("CK", "COK", "Cook Islands", "库克群岛", &[]),
    ("CL", "CHL", "Chile", "智利", &[]),
    ("CM", "CMR", "Cameroon", "喀麦隆", &["Cameroun"]),
    ("CN", "CHN", "China", "中国", &["PRC", "P.R. China", "People's Republic of China", "Mainland China", "中华人民共和国", "中国大陆", "大陆"]),
    ("CO", "COL", "Colombia", "哥伦比亚", &[]),
    ("CR", "CRI", "Costa Rica", "哥斯达黎加", &[]),
    ("CU", "CUB", "Cuba", "古巴", &[]),
    ("CV", "CPV", "Cabo Verde", "佛得角", &["Cape Verde"]),
    ("CW", "CUW", "Curaçao", "库拉索", &[]),
    ("CX", "CXR", "Christmas Island", "圣诞岛", &[]),
    ("CY", "CYP", "Cyprus", "塞浦路斯", &["Κύπρος"]),
    ("CZ", "CZE", "Czechia", "捷克", &["Czech Republic", "Česko", "Česká republika", "Tschechien"]),
    ("DE", "DEU", "Germany", "德国", &["Deutschland", "Allemagne", "Federal Republic of Germany", "BRD", "GER"]),
    ("DJ", "DJI", "Djibouti", "吉布提", &[]),
    ("DK", "DNK", "Denmark", "丹麦", &["Danmark", "Dänemark"]),
    ("DM", "DMA", "Dominica", "多米尼克", &[]),
    ("DO", "DOM", "Dominican Republic", "多米尼加", &["República Dominicana"]),
    ("DZ", "DZA", "Algeria", "阿尔及利亚", &["Algérie"]),
    ("EC", "ECU", "Ecuador", "厄瓜多尔", &[]),
    ("EE", "EST", "Estonia", "爱沙尼亚", &["Eesti", "Estland"]),
    ("EG", "EGY", "Egypt", "埃及", &["Ägypten"]),
    ("EH", "ESH", "Western Sahara", "西撒哈拉", &[]),
    ("ER", "ERI", "Eritrea", "厄立特里亚", &[]),
    ("ES", "ESP", "Spain", "西班牙", &["España", "Spanien", "Espagne"]),
    ("ET", "ETH", "Ethiopia", "埃塞俄比亚", &[]),
    ("FI", "FIN", "Finland", "芬兰", &["Suomi", "Finnland"]),
    ("FJ", "FJI", "Fiji", "斐济", &[]),
    ("FK", "FLK", "Falkland Islands", "福克兰群岛", &["Malvinas", "马尔维纳斯群岛"]),
    ("FM", "FSM", "Micronesia", "密克罗尼西亚", &["Federated States of Micronesia"]),
    ("FO", "FRO", "Faroe Islands", "法罗群岛", &["Føroyar"]),
    ("FR", "FRA", "France", "法国", &["Frankreich", "Francia"]),
    ("GA", "GAB", "Gabon", "加蓬", &[]),
    ("GB", "GBR", "United Kingdom", "英国", &["UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland", "Großbritannien", "Vereinigtes Königreich"]),
    ("GD", "GRD", "Grenada", "格林纳达", &[]),
    ("GE", "GEO", "Georgia", "格鲁吉亚", &["Sakartvelo"]),
    ("GF", "GUF", "French Guiana", "法属圭亚那", &[]),
    ("GG", "GGY", "Guernsey", "根西", &[]),
    ("GH", "GHA", "Ghana", "加纳", &[]),
    ("GI", "GIB", "Gibraltar", "直布罗陀", &[]),
    ("GL", "GRL", "Greenland", "格陵兰", &["Kalaallit Nunaat"]),
    ("GM", "GMB", "Gambia", "冈比亚", &[]),
    ("GN", "GIN", "Guinea", "几内亚", &[]),
    ("GP", "GLP", "Guadeloupe", "瓜德罗普", &[]),
    ("GQ", "GNQ", "Equatorial Guinea", "赤道几内亚", &[]),
    ("GR", "GRC", "Greece", "希腊", &["Hellas", "Ελλάδα", "Griechenland"]),
    ("GS", "SGS", "South Georgia and the South Sandwich Islands", "南乔治亚和南桑威奇群岛", &[]),
    ("GT", "GTM", "Guatemala", "危地马拉", &[]),
    ("GU", "GUM", "Guam", "关岛", &[]),
    ("GW", "GNB", "Guinea-Bissau", "几内亚比绍", &[]),
    ("GY", "GUY", "Guyana", "圭亚那", &[]),
    ("HK", "HKG", "Hong Kong", "香港", &["Hong Kong SAR", "中国香港", "香港特别行政区"]),
    ("HM", "HMD", "Heard Island and McDonald Islands", "赫德岛和麦克唐纳群岛", &[]),
    ("HN", "HND", "Honduras", "洪都拉斯", &[]),
    ("HR", "HRV", "Croatia", "克罗地亚", &["Hrvatska", "Kroatien"]),
    ("HT", "HTI", "Haiti", "海地", &[]),
    ("HU", "HUN", "Hungary", "匈牙利", &["Magyarország", "Ungarn"]),
    ("ID", "IDN", "Indonesia", "印度尼西亚", &["印尼", "Indonesien"]),
    ("IE", "IRL", "Ireland", "爱尔兰", &["Éire", "Republic of Ireland", "Irland"]),
    ("IL", "ISR", "Israel", "以色列", &[]),
    ("IM", "IMN", "Isle of Man", "马恩岛", &[]),
    ("IN", "IND", "India", "印度", &["Bharat", "भारत", "Indien"]),
    ("IO", "IOT", "British Indian Ocean Territory", "英属印度洋领地", &[]),
    ("IQ", "IRQ", "Iraq", "伊拉克", &["Irak"]),
    ("IR", "IRN", "Iran", "伊朗", &["Islamic Republic of Iran"]),
    ("IS", "ISL", "Iceland", "冰岛", &["Ísland"]),
    ("IT", "ITA", "Italy", "意大利", &["Italia", "Italien", "Italie"]),
    ("JE", "JEY", "Jersey", "泽西", &[]),
    ("JM", "JAM", "Jamaica", "牙买加", &[]),
    ("JO", "JOR", "Jordan", "约旦", &["Jordanien"]),
    ("JP", "JPN", "Japan", "日本", &["Nippon", "Nihon", "日本国"]),
    ("KE", "KEN", "Kenya", "肯尼亚", &["Kenia"]),
    ("KG", "KGZ", "Kyrgyzstan", "吉尔吉斯斯坦", &["吉尔吉斯"]),
    ("KH", "KHM", "Cambodia", "柬埔寨", &["Kampuchea"]),
    ("KI", "KIR", "Kiribati", "基里巴斯", &[]),
    ("KM", "COM", "Comoros", "科摩罗", &[]),
    ("KN", "KNA", "Saint Kitts and Nevis", "圣基茨和尼维斯", &["St. Kitts and Nevis"]),
    ("KP", "PRK", "North Korea", "朝鲜", &["DPRK", "Democratic People's Republic of Korea", "北韩"]),
    ("KR", "KOR", "South Korea", "韩国", &["Korea", "Republic of Korea", "대한민국", "한국", "南韩", "Südkorea"]),
    ("KW", "KWT", "Kuwait", "科威特", &[]),
    ("KY", "CYM", "Cayman Islands", "开曼群岛", &[]),
    ("KZ", "KAZ", "Kazakhstan", "哈萨克斯坦", &["Қазақстан"]),
    ("LA", "LAO", "Laos", "老挝", &["Lao PDR"]),
    ("LB", "LBN", "Lebanon", "黎巴嫩", &["Liban"]),
    ("LC", "LCA", "Saint Lucia", "圣卢西亚", &["St. Lucia"]),
    ("LI", "LIE", "Liechtenstein", "列支敦士登", &[]),
    ("LK", "LKA", "Sri Lanka", "斯里兰卡", &["Ceylon"]),
    ("LR", "LBR", "Liberia", "利比里亚", &[]),
    ("LS", "LSO", "Lesotho", "莱索托", &[]),
    ("LT", "LTU", "Lithuania", "立陶宛", &["Lietuva", "Litauen"]),
    ("LU", "LUX", "Luxembourg", "卢森堡", &["Luxemburg", "Lëtzebuerg"]),
    ("LV", "LVA", "Latvia", "拉脱维亚", &["Latvija", "Lettland"]),
    ("LY", "LBY", "Libya", "利比亚", &[]),
    ("MA", "MAR", "Morocco", "摩洛哥", &["Maroc", "Marokko"]),
    ("MC", "MCO", "Monaco", "摩纳哥", &[]),
    ("MD", "MDA", "Moldova", "摩尔多瓦", &["Republic of Moldova"]),
    ("ME", "MNE", "Montenegro", "黑山", &["Crna Gora"]),
    ("MF", "MAF", "Saint Martin", "法属圣马丁", &["St. Martin"]),
    ("MG", "MDG", "Madagascar", "马达加斯加", &[]),
    ("MH", "MHL", "Marshall Islands", "马绍尔群岛", &[]),
    ("MK", "MKD", "North Macedonia", "北马其顿", &["Macedonia", "马其顿"]),
    ("ML", "MLI", "Mali", "马里", &[]),
    ("MM", "MMR", "Myanmar", "缅甸", &["Burma"]),
    ("MN", "MNG", "Mongolia", "蒙古", &["蒙古国", "Mongolei"]),
    ("MO", "MAC", "Macao", "澳门", &["Macau", "中国澳门", "澳门特别行政区"]),
    ("MP", "MNP", "Northern Mariana Islands", "北马里亚纳群岛", &[]),
    ("MQ", "MTQ", "Martinique", "马提尼克", &[]),
    ("MR", "MRT", "Mauritania", "毛里塔尼亚", &[]),
    ("MS", "MSR", "Montserrat", "蒙特塞拉特", &[]),
    ("MT", "MLT", "Malta", "马耳他", &[]),
    ("MU", "MUS", "Mauritius", "毛里求斯", &[]),
    ("MV", "MDV", "Maldives", "马尔代夫", &[]),
    ("MW", "MWI", "Malawi", "马拉维", &[]),
    ("MX", "MEX", "Mexico", "墨西哥", &["Mexiko"]),
    ("MY", "MYS", "Malaysia", "马来西亚", &["大马"]),
    ("MZ", "MOZ", "Mozambique", "莫桑比克", &["Moçambique"]),
    ("NA", "NAM", "Namibia", "纳米比亚", &[]),
    ("NC", "NCL", "New Caledonia", "新喀里多尼亚", &[]),
    ("NE", "NER", "Niger", "尼日尔", &[]),
    ("NF", "NFK", "Norfolk Island", "诺福克岛", &[]),
    ("NG", "NGA", "Nigeria", "尼日利亚", &[]),
    ("NI", "NIC", "Nicaragua", "尼加拉瓜", &[]),
    ("NL", "NLD", "Netherlands", "荷兰", &["Holland", "Nederland", "Niederlande", "Pays-Bas"]),
    ("NO", "NOR", "Norway", "挪威", &["Norge", "Noreg", "Norwegen"]),
    ("NP", "NPL", "Nepal", "尼泊尔", &[]),
    ("NR", "NRU", "Nauru", "瑙鲁", &[]),
    ("NU", "NIU", "Niue", "纽埃", &[]),
    ("NZ", "NZL", "New Zealand", "新西兰", &["Aotearoa", "纽西兰", "Neuseeland"]),
    ("OM", "OMN", "Oman", "阿曼", &[]),
    ("PA", "PAN", "Panama", "巴拿马", &[]),
    ("PE", "PER", "Peru", "秘鲁", &[]),
    ("PF", "PYF", "French Polynesia", "法属波利尼西亚", &[]),
    ("PG", "PNG", "Papua New Guinea", "巴布亚新几内亚", &[]),
    ("PH", "PHL", "Philippines", "菲律宾", &["Pilipinas", "Filipinas", "Philipines"]),
    ("PK", "PAK", "Pakistan", "巴基斯坦", &[]),
    ("PL", "POL", "Poland", "波兰", &["Polska", "Polen"]),
    ("PM", "SPM", "Saint Pierre and Miquelon", "圣皮埃尔和密克隆", &["St. Pierre and Miquelon"]),
    ("PN", "PCN", "Pitcairn", "皮特凯恩群岛", &["Pitcairn Islands"]),
    ("PR", "PRI", "Puerto Rico", "波多黎各", &[]),
    ("PS", "PSE", "Palestine", "巴勒斯坦", &["State of Palestine", "Palestinian Territories"]),
    ("PT", "PRT", "Portugal", "葡萄牙", &[]),
    ("PW", "PLW", "Palau", "帕劳", &[]),
    ("PY", "PRY", "Paraguay", "巴拉圭", &[]),
    ("QA", "QAT", "Qatar", "卡塔尔", &["Katar"]),
    ("RE", "REU", "Réunion", "留尼汪", &[]),
    ("RO", "ROU", "Romania", "罗马尼亚", &["Rumänien"]),
    ("RS", "SRB", "Serbia", "塞尔维亚", &["Srbija", "Србија", "Serbien"]),
    ("RU", "RUS", "Russia", "俄罗斯", &["Russian Federation", "Россия", "俄国", "Russland"]),
    ("RW", "RWA", "Rwanda", "卢旺达", &[]),
    ("SA", "SAU", "Saudi Arabia", "沙特阿拉伯", &["KSA", "沙特", "Kingdom of Saudi Arabia"]),
    ("SB", "SLB", "Solomon Islands", "所罗门群岛", &[]),
    ("SC", "SYC", "Seychelles", "塞舌尔", &[]),
    ("SD", "SDN", "Sudan", "苏丹", &[]),
    ("SE", "SWE", "Sweden", "瑞典", &["Sverige", "Schweden"]),
    ("SG", "SGP", "Singapore", "新加坡", &["Singapur"]),
    ("SH", "SHN", "Saint Helena, Ascension and Tristan da Cunha", "圣赫勒拿", &["Saint Helena", "St. Helena"]),
    ("SI", "SVN", "Slovenia", "斯洛文尼亚", &["Slovenija", "Slowenien"]),
    ("SJ", "SJM", "Svalbard and Jan Mayen", "斯瓦尔巴和扬马延", &["Svalbard"]),
    ("SK", "SVK", "Slovakia", "斯洛伐克", &["Slovensko", "Slovak Republic", "Slowakei"]),
    ("SL", "SLE", "Sierra Leone", "塞拉利昂", &[]),
    ("SM", "SMR", "San Marino", "圣马力诺", &[]),
    ("SN", "SEN", "Senegal", "塞内加尔", &[]),
    ("SO", "SOM", "Somalia", "索马里", &[]),
    ("SR", "SUR", "Suriname", "苏里南", &[]),
    ("SS", "SSD", "South Sudan", "南苏丹", &[]),
    ("ST", "STP", "São Tomé and Príncipe", "圣多美和普林西比", &["Sao Tome"]),
    ("SV", "SLV", "El Salvador", "萨尔瓦多", &[]),
    ("SX", "SXM", "Sint Maarten", "荷属圣马丁", &[]),
    ("SY", "SYR", "Syria", "叙利亚", &["Syrian Arab Republic"]),
    ("SZ", "SWZ", "Eswatini", "斯威士兰", &["Swaziland"]),
    ("TC", "TCA", "Turks and Caicos Islands", "特克斯和凯科斯群岛", &[]),
    ("TD", "TCD", "Chad", "乍得", &["Tchad"]),
    ("TF", "ATF", "French Southern Territories", "法属南部领地", &[]),
    ("TG", "TGO", "Togo", "多哥", &[]),
    ("TH", "THA", "Thailand", "泰国", &["ประเทศไทย"]),
    ("TJ", "TJK", "Tajikistan", "塔吉克斯坦", &[]),
    ("TK", "TKL", "Tokelau", "托克劳", &[]),
    ("TL", "TLS", "Timor-Leste", "东帝汶", &["East Timor"]),
    ("TM", "TKM", "Turkmenistan", "土库曼斯坦", &[]),
    ("TN", "TUN", "Tunisia", "突尼斯", &["Tunisie", "Tunesien"]),
    ("TO", "TON", "Tonga", "汤加", &[]),
    ("TR", "TUR", "Türkiye", "土耳其", &["Turkey", "Türkei"]),
    ("TT", "TTO", "Trinidad and Tobago", "特立尼达和多巴哥", &["Trinidad"]),
    ("TV", "TUV", "Tuvalu", "图瓦卢", &[]),
    ("TW", "TWN", "Taiwan", "台湾", &["中国台湾", "臺灣", "台灣", "Chinese Taipei", "Taiwan, Province of China"]),
    ("TZ", "TZA", "Tanzania", "坦桑尼亚", &["United Republic of Tanzania"]),
    ("UA", "UKR", "Ukraine", "乌克兰", &["Україна"]),
    ("UG", "UGA", "Uganda", "乌干达", &[]),
    ("UM", "UMI", "United States Minor Outlying Islands", "美国本土外小岛屿", &[]),
    ("US", "USA", "United States", "美国", &["United States of America", "America", "美利坚合众国", "Vereinigte Staaten", "États-Unis"]),
    ("UY", "URY", "Uruguay", "乌拉圭", &[]),
    ("UZ", "UZB", "Uzbekistan", "乌兹别克斯坦", &[]),
    ("VA", "VAT", "Vatican City", "梵蒂冈", &["Holy See", "Vatican"]),
    ("VC", "VCT", "Saint Vincent and the Grenadines", "圣文森特和格林纳丁斯", &["St. Vincent"]),
    ("VE", "VEN", "Venezuela", "委内瑞拉", &["Bolivarian Republic of Venezuela"]),
    ("VG", "VGB", "British Virgin Islands", "英属维尔京群岛", &["BVI", "Virgin Islands, British"]),
    ("VI", "VIR", "U.S. Virgin Islands", "美属维尔京群岛", &["Virgin Islands, U.S.", "United States Virgin Islands"]),
    ("VN", "VNM", "Vietnam", "越南", &[]),
    ("VU", "VUT", "Vanuatu", "瓦努阿图", &[]),
    ("WF", "WLF", "Wallis and Futuna", "瓦利斯和富图纳", &[]),
    ("WS", "WSM", "Samoa", "萨摩亚", &[]),
    ("YE", "YEM", "Yemen", "也门", &["Jemen"]),
    ("YT", "MYT", "Mayotte", "马约特", &[]),
    ("ZA", "ZAF", "South Africa", "南非", &["RSA", "Südafrika", "Suid-Afrika"]),
    ("ZM", "ZMB", "Zambia", "赞比亚", &["Sambia"]),
    ("ZW", "ZWE", "Zimbabwe", "津巴布韦", &["Simbabwe"]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses() {
        let cases = [
            ("de", Some("DE")),
            ("DEU", Some("DE")),
            (" Germany ", Some("DE")),
            ("DEUTSCHLAND", Some("DE")),
            ("德国", Some("DE")),
            ("U.S.A.", Some("US")),
            ("the United States", Some("US")),
            ("usa", Some("US")),
            ("UK", Some("GB")),
            ("Österreich", Some("AT")),
            ("Osterreich", Some("AT")),
            ("Turkey", Some("TR")),
            ("turkiye", Some("TR")),
            ("Cote d’Ivoire", Some("CI")),
            ("Trinidad & Tobago", Some("TT")),
            ("Viet-Nam", Some("VN")),
            ("中国大陆", Some("CN")),
            ("香港", Some("HK")),
            ("日本", Some("JP")),
            ("한국", Some("KR")),
            ("Korea", Some("KR")),
            ("Panama", Some("PA")),
            ("Philippines", Some("PH")),
            ("Jordan", Some("JO")),
            ("AND", Some("AD")),
            ("Atlantis", None),
            ("XX", None),
            ("the", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names() {
        assert_eq!(name("de"), Some("Germany"));
        assert_eq!(chinese_name("DE"), Some("德国"));
        assert_eq!(name("XX"), None);
    }

    #[test]
    fn the_table_is_whole_and_without_contradiction() {
        assert_eq!(COUNTRIES.len(), 249);
        assert!(COUNTRIES.is_sorted_by_key(|country| country.0));
        let mut seen = HashSet::new();
        for (code, three, english, chinese, others) in COUNTRIES {
            assert!(code.len() == 2 && three.len() == 3, "{code} {three}");
            for text in [code, three, english, chinese].into_iter().chain(others.iter()) {
                assert!(seen.insert(key(text)), "{text} stands twice");
                assert_eq!(parse(text), Some(*code), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = (parse(&text), name(&text));
        }
    }
}
