"""Invented people. Telephone numbers begin with 100, which no subscriber's number does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

SURNAMES = (
    "岑",
    "褚",
    "邬",
    "柏",
    "郗",
    "宓",
    "麦",
    "沙",
    "穆",
    "鄢",
    "骆",
    "覃",
    "卞",
    "樊",
    "滕",
    "聂",
    "翟",
    "阮",
    "季",
    "童",
    "舒",
    "祝",
    "庄",
    "瞿",
    "戚",
    "湛",
    "简",
    "解",
    "都",
    "桑",
    "盛",
    "喻",
    "柯",
    "甄",
    "晏",
    "池",
    "苗",
    "司徒",
    "尉迟",
    "欧阳",
)
FIRST = (
    "砚",
    "樟",
    "屿",
    "渡",
    "澍",
    "珩",
    "稼",
    "垣",
    "枫",
    "禾",
    "岑",
    "溪",
    "牧",
    "朴",
    "铎",
    "帆",
    "昱",
    "筠",
    "棠",
    "岳",
    "沛",
    "荔",
    "钧",
    "榆",
    "潼",
    "芷",
    "桐",
    "曦",
    "毓",
    "钊",
    "喆",
    "翀",
)
SECOND = (
    "之",
    "成",
    "远",
    "舟",
    "林",
    "生",
    "野",
    "波",
    "清",
    "平",
    "华",
    "年",
    "川",
    "宁",
    "和",
    "安",
    "松",
    "云",
    "山",
    "阳",
    "泉",
    "田",
    "石",
    "秋",
    "",
)
PEOPLES = ("汉族",) * 17 + ("回族", "满族", "朝鲜族", "土家族")
POLITICS = ("中共党员",) * 5 + ("群众", "群众", "民盟盟员", "共青团员")
EDUCATION = ("大专", "本科", "本科", "中专", "硕士研究生")
GRADES = ("高级技师", "技师", "高级工程师", "工程师", "正高级工程师")
FAKE_PREFIX = "100"


@dataclass(frozen=True)
class Invented:
    """Someone who does not exist."""

    name: str
    gender: str
    born: date
    ethnicity: str
    political_status: str
    education: str
    title: str
    phone: str
    email: str

    def as_leader(self, job: str) -> dict[str, str]:
        """What the register is told about a leader; personal values are sealed by the desk."""
        return {
            "name": self.name,
            "gender": self.gender,
            "education": self.education,
            "title": self.title,
            "job": job,
            "phone": self.phone,
            "email": self.email,
            "birth_date": self.born.isoformat(),
            "ethnicity": self.ethnicity,
            "political_status": self.political_status,
        }

    def as_member(self, *, reachable: bool) -> dict[str, str]:
        """What the register is told about a member, with a telephone number or without."""
        told = {"name": self.name, "gender": self.gender, "title": self.title}
        return {**told, "phone": self.phone} if reachable else told


class People:
    """Makes people; no two of one source share a name."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._made = 0

    def person(self, dice: Random) -> Invented:
        """Somebody new."""
        name = dice.choice(SURNAMES) + dice.choice(FIRST) + dice.choice(SECOND)
        while name in self._names:
            name = dice.choice(SURNAMES) + dice.choice(FIRST) + dice.choice(SECOND)
        self._names.add(name)
        self._made += 1
        return Invented(
            name=name,
            gender=dice.choice(("男", "男", "女")),
            born=date(dice.randint(1966, 1990), dice.randint(1, 12), dice.randint(1, 28)),
            ethnicity=dice.choice(PEOPLES),
            political_status=dice.choice(POLITICS),
            education=dice.choice(EDUCATION),
            title=dice.choice(GRADES),
            phone=f"{FAKE_PREFIX}{self._made:08d}",
            email=f"p{self._made:05d}@example.cn",
        )

    def name(self, dice: Random) -> str:
        """Only a name, for those of whom nothing else is told."""
        return self.person(dice).name
