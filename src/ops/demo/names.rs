//! Invented names for the sample base. Flat tables; every address lies in a reserved domain or number range.

/// A company of the sample: name, city, country, industry, slug of its domain.
pub(super) type Company = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

pub(super) const COMPANIES: &[Company] = &[
    (
        "Nordlicht Logistik GmbH",
        "Hamburg",
        "DE",
        "transport",
        "nordlicht",
    ),
    (
        "Brightwater Foods Ltd",
        "Bristol",
        "GB",
        "manufacturing",
        "brightwater",
    ),
    ("杭州云帆科技有限公司", "杭州", "CN", "technology", "yunfan"),
    ("株式会社ひまわり商事", "大阪", "JP", "retail", "himawari"),
    (
        "Kestrel Robotics Inc",
        "Portland",
        "US",
        "manufacturing",
        "kestrel",
    ),
    ("Weißensee Klinik AG", "Berlin", "DE", "medical", "weissensee"),
    ("上海晨星贸易有限公司", "上海", "CN", "retail", "chenxing"),
    ("Larkspur Media", "Toronto", "CA", "media", "larkspur"),
    (
        "Maple & Finch Accounting",
        "Leeds",
        "GB",
        "business_services",
        "maplefinch",
    ),
    ("深圳蓝海电子有限公司", "深圳", "CN", "manufacturing", "lanhai"),
    (
        "Söhnlein Maschinenbau",
        "Stuttgart",
        "DE",
        "manufacturing",
        "soehnlein",
    ),
    ("Copper Canyon Energy", "Denver", "US", "energy", "coppercanyon"),
    ("みなと不動産株式会社", "横浜", "JP", "real_estate", "minato"),
    ("Atelier Verne", "Lyon", "FR", "media", "verne"),
    ("北京清河教育集团", "北京", "CN", "education", "qinghe"),
    ("Fjordline Shipping AS", "Bergen", "NO", "transport", "fjordline"),
];

/// A person of the sample: name, title, slug for the address.
pub(super) type Person = (&'static str, &'static str, &'static str);

/// People by the language of their company, in the order of need.
pub(super) const ENGLISH: &[Person] = &[
    ("Alice Marlow", "Head of Operations", "alice.marlow"),
    ("Ben Hartley", "Procurement Manager", "ben.hartley"),
    ("Chloe Winters", "CTO", "chloe.winters"),
    ("Daniel O’Rourke", "Finance Director", "daniel.orourke"),
    ("Evelyn Park", "Plant Manager", "evelyn.park"),
    ("Felix Ashdown", "CEO", "felix.ashdown"),
    ("Grace Holloway", "Office Manager", "grace.holloway"),
    ("Henry Dubois", "Creative Director", "henry.dubois"),
    ("Ingrid Solberg", "Fleet Manager", "ingrid.solberg"),
    ("Jonas Lindqvist", "IT Lead", "jonas.lindqvist"),
    ("Karen Whitfield", "VP Sales", "karen.whitfield"),
    ("Liam Castellan", "Buyer", "liam.castellan"),
    ("Mona Achterberg", "Marketing Lead", "mona.achterberg"),
    ("Nora Penhaligon", "Partner", "nora.penhaligon"),
];

pub(super) const GERMAN: &[Person] = &[
    ("Jürgen Weiß", "Geschäftsführer", "juergen.weiss"),
    ("Katrin Schäfer", "Leiterin Einkauf", "katrin.schaefer"),
    ("Ömer Yıldız", "IT-Leiter", "oemer.yildiz"),
    ("Britta Möller", "Disponentin", "britta.moeller"),
    ("Dr. Heike Brandt", "Chefärztin", "heike.brandt"),
    ("Matthias Grün", "Werksleiter", "matthias.gruen"),
];

pub(super) const CHINESE: &[Person] = &[
    ("张伟", "总经理", "zhangwei"),
    ("李娜", "采购经理", "lina"),
    ("王秀英", "财务总监", "wangxiuying"),
    ("欧阳明", "技术总监", "ouyangming"),
    ("曾晓燕", "市场经理", "zengxiaoyan"),
    ("单丽华", "行政主管", "shanlihua"),
    ("赵强", "信息中心主任", "zhaoqiang"),
    ("吕静", "校长助理", "lvjing"),
];

pub(super) const JAPANESE: &[Person] = &[
    ("佐藤 さくら", "部長", "sakura.sato"),
    ("高橋 健太", "購買課長", "kenta.takahashi"),
    ("山本 ゆい", "代表取締役", "yui.yamamoto"),
    ("Kobayashi Ren", "Sales Director", "ren.kobayashi"),
];

/// What is sold: code, name, group, price in major units.
pub(super) const PRODUCTS: &[(&str, &str, &str, &str, &str)] = &[
    ("TRK-100", "Fleet tracker", "Hardware", "189", "92"),
    ("TRK-PRO", "Fleet tracker Pro", "Hardware", "349", "168"),
    ("SUITE-S", "Dispatch suite, small", "Software", "4800", "900"),
    ("SUITE-L", "Dispatch suite, large", "Software", "19500", "3200"),
    ("CARE", "Care plan, one year", "Service", "1200", "450"),
];

/// What somebody may need.
pub(super) const NEEDS: &[&str] = &[
    "Fleet renewal",
    "Depot pilot",
    "Dispatch rollout",
    "Care plan",
    "Scanner swap",
];

/// Why a deal is lost.
pub(super) const REASONS: &[&str] = &[
    "price",
    "no_decision",
    "competitor",
    "timing",
    "price",
    "missing_feature",
    "unresponsive",
];

/// Where customers come from.
pub(super) const SOURCES: &[&str] = &["referral", "website", "trade_show", "cold_call", "partner"];

/// Sellers beside the one who looks on: name, address, team.
pub(super) const COLLEAGUES: [(&str, &str, &str); 2] = [
    ("Mara Lindholm", "mara@seller.example", "Europe"),
    ("陈晓", "chenxiao@seller.example", "Asia"),
];

/// What is said in a call or a mail: type, text, outcome.
pub(super) type Talk = (&'static str, &'static str, &'static str);

pub(super) const TALKS: &[Talk] = &[
    ("call", "Went through the open questions of the pilot", "positive"),
    ("email", "Sent the revised quote with the longer warranty", ""),
    ("call", "Left a message about the delivery date", "left_message"),
    (
        "meeting",
        "Walked through the depot together; the gate is the problem",
        "positive",
    ),
    ("demo", "Showed the dispatch board to four people", "positive"),
    ("call", "Budget is decided after the quarter", "neutral"),
    ("visit", "Looked at the yard and the old scanners", "neutral"),
    ("email", "Asked for the contact of their IT department", ""),
    ("call", "价格可以再谈，希望延长保修期", "positive"),
    ("message", "Confirmed the appointment", "connected"),
];
