"""People and employers of the demo: invented, believable, and nobody's. Identity numbers carry order number 000."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from enrollment.demo.chance import NEWS_DATE, Chance
from enrollment.rules import identity as numbers
from enrollment.rules import regions
from enrollment.storage.people import kept_numbers

# Of the prefecture and the region (652303 is the abolished 米泉), then of other provinces.
_HERE = "652301 652302 652303 652323 652324 652325 652327 652328"
_NEAR = "650102 650103 650104 650105 652722 652801 653101 653125 653201 654002 654025 654221"
_FAR = "620422 620523 620602 410105 411381 411722 510781 511304 500101 610124 610528 640324 341221 370829 320321 130431"
_AREAS = {_HERE: 62, _NEAR: 14, _FAR: 24}

_UNASSIGNED = ("154", "160", "161", "163", "164", "168", "169")
"""Prefixes that pass as mobile numbers but were given to no carrier, so that a demo number rings nowhere."""

_OLDEST_AGO = (NEWS_DATE - date(1962, 1, 1)).days
_SIXTEEN_YEARS = 5860
_USUAL_AGE = 12_500

_HAN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_HUI = "马马马马丁哈撒沙苏白穆海虎麦金杨王李禹妥冶"
_FIRST = "建国文志永晓小玉海春秀丽红金新天明俊家成德兴学军立世宏彦思雨佳子瑞雪凤桂淑云爱美艳丽亚庆少振国宝长福"
_SECOND = "军华平强伟芳英霞明龙杰涛斌辉兰梅玲鹏飞燕萍波刚勇林峰东生荣娟敏静琴花莲云山川江河民忠义信仁礼祥瑞虎豪轩宁婷洁"
_RARE = "喆堃犇翀赟龑淼頔"
_BEYOND_BMP = "\U0002b5ae\U0002c35b\U0002ce1a"  # 𫖮 𬍛 𬸚, of 通用规范汉字表

_KAZAKH_MEN = (
    "叶尔兰 努尔兰 赛力克 阿依别克 巴合提 哈力别克 居马别克 胡安德克 托列根 阿曼太 别尔克 "
    "达列力汗 木拉提 叶斯波力 江阿尔 阿依波力 沙吾列 杰恩斯 吐列吾汗 哈布德力 木哈买提 赛山别克 金恩斯别克"
)
_KAZAKH_WOMEN = "加娜尔 古丽娜尔 迪娜 阿依古丽 马合帕丽 巴哈提古丽 沙依古丽 库丽曼 阿勒腾古丽"
_UYGHUR_MEN = (
    "买买提 吐尔逊 阿卜杜拉 艾尔肯 司马义 艾合买提 玉素甫 依明 库尔班 迪力夏提 "
    "努尔买买提 凯赛尔 吐尔逊江 阿不都热合曼 阿不都克里木 阿不都热依木 艾力 肉孜 亚森 托合提"
)
_UYGHUR_WOMEN = "古丽巴哈尔 热依汗 帕提古丽 阿依努尔 古丽米热 热孜宛古丽 米日古丽 如仙古丽"


def han_name(chance: Chance, surnames: str = _HAN) -> str:
    """A surname and one or two characters."""
    draw = chance.random
    given = draw.choice(_SECOND) if draw.randrange(4) == 0 else draw.choice(_FIRST) + draw.choice(_SECOND)
    return draw.choice(surnames) + given


def full_name(chance: Chance) -> str:
    """A name as people of the prefecture have them (domain 12.3, 12.4), one in two hundred with a rare character."""
    share = chance.random.randrange(1000)
    if share < 745:  # noqa: PLR2004 -- per mille of the census
        return han_name(chance)
    if share < 865:  # noqa: PLR2004
        return han_name(chance, _HUI)
    if share < 870:  # noqa: PLR2004
        return chance.random.choice(_HAN) + chance.random.choice(_RARE + _BEYOND_BMP)
    men, women = (_KAZAKH_MEN, _KAZAKH_WOMEN) if share < 955 else (_UYGHUR_MEN, _UYGHUR_WOMEN)  # noqa: PLR2004
    own, father = chance.random.sample(men.split(), 2)  # a father's name is a man's
    if chance.random.randrange(3) == 0:
        own = chance.random.choice(women.split())
    return own + numbers.SEPARATOR + father


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented person."""

    name: str
    identity: str
    phone: str

    @property
    def columns(self) -> dict[str, Any]:
        """Name, both numbers as they are kept, and what the identity number tells."""
        return {
            "name": self.name,
            **kept_numbers(self.identity, self.phone),
            "sex": numbers.sex(self.identity).value,
            "born_on": numbers.birth_date(self.identity),
        }


def somebody(chance: Chance, *, joined_ago: int) -> Somebody:
    """A person of 16 or more on the day that lies ``joined_ago`` days before the as-of date."""
    name = full_name(chance)
    while not chance.new(identity := _identity(chance, joined_ago)):
        pass
    return Somebody(name, identity, phone_number(chance))


def phone_number(chance: Chance) -> str:
    """A mobile number not drawn before."""
    drawn = iter(lambda: chance.random.choice(_UNASSIGNED) + f"{chance.random.randrange(10**8):08d}", None)
    return next(filter(chance.new, drawn))


def _identity(chance: Chance, joined_ago: int) -> str:
    area = chance.random.choice(chance.one_of(_AREAS).split())
    born_ago = int(chance.random.triangular(joined_ago + _SIXTEEN_YEARS, _OLDEST_AGO, _USUAL_AGE))
    first = f"{area}{chance.day(born_ago):%Y%m%d}000"
    return first + numbers.identity_check_digit(first)


# --- employers ----------------------------------------------------------------------------------------------------

_WORDS = (
    "顺捷迅宏鑫恒瑞安金驰远华盛众博嘉兴隆丰泰和广天诚亿万飞腾凯旭昊荣祥润福",
    "达通运驰程远捷安源泰兴路途顺诚业鸿信合利",
)
_BRANDS = frozenset(("安达", "金安", "安泰", "华泰", "万达", "万通", "安诚", "恒泰", "华兴", "亿通", "嘉信", "众信"))

_FORMS = {
    "courier": ("{place}{word}快递有限公司", "{place}{word}速递服务有限公司", "{place}{town}{word}快递服务部"),
    "truck_driver": (
        "{place}{word}物流有限公司",
        "{place}{word}运输有限公司",
        "{place}{word}货运服务有限公司",
        "{place}{town}{word}货运信息部",
    ),
    "food_rider": ("{place}{word}餐饮配送有限公司", "{place}{word}同城配送服务有限公司"),
    "ride_hailing_driver": ("{place}{word}出行服务有限公司", "{place}{word}汽车租赁有限公司"),
}
_OF_ONE_OWNER = ("服务部", "信息部")


def employer_name(chance: Chance, *, place: str, town: str, group: str, small: bool) -> str:
    """A unique name; only a small unit is a 服务部 or 信息部."""
    forms = [form for form in _FORMS[group] if small or not form.endswith(_OF_ONE_OWNER)]
    while True:
        word = "".join(map(chance.random.choice, _WORDS))
        name = chance.random.choice(forms).format(place=place, town=town, word=word)
        if word[0] != word[1] and word not in _BRANDS and chance.new(name):
            return name


def credit_code(serial: int, name: str, county: str) -> str:
    """A synthetic code with both checks right: 91 for a company, 92 for a business of one owner."""
    registrar = "92" if name.endswith(_OF_ONE_OWNER) else "91"
    area = county if county in regions.COUNTIES else "652301"
    body = f"MC{serial:06d}"
    first = f"{registrar}{area}{body}{numbers.organization_check(body)}"
    return first + numbers.credit_code_check(first)
