"""Trades and their words: what a unit makes, what a studio works on, what it is proud of.

Everything is invented. A title is an object of the trade followed by what was done about it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """One line of work: its industry, what units of it are called, and what studios do there."""

    industry: str
    works: tuple[str, ...]
    kind: str
    fields: tuple[str, ...]
    jobs: tuple[str, ...]
    objects: tuple[str, ...]
    moves: tuple[str, ...]


MACHINES = Trade(
    industry="装备制造业",
    works=(
        "精密机械有限公司",
        "重型装备有限公司",
        "轴承制造有限公司",
        "液压件有限公司",
        "机床有限公司",
    ),
    kind="企业",
    fields=("数控加工工艺", "焊接与装配", "设备维修与改造", "精密检测"),
    jobs=("数控车工", "焊工", "装配钳工", "机修钳工", "铣工"),
    objects=(
        "薄壁套类零件",
        "大型箱体",
        "行星齿轮架",
        "深孔液压缸筒",
        "主轴轴承座",
        "不锈钢法兰",
        "转向节",
        "盘类铸件",
    ),
    moves=(
        "加工变形控制方法",
        "快速装夹工装的研制",
        "自动去毛刺装置",
        "焊接反变形操作法",
        "在线测量系统",
        "刀具寿命管理办法",
        "钻铣复合夹具",
    ),
)
VEHICLES = Trade(
    industry="汽车制造业",
    works=("汽车零部件有限公司", "车身模具有限公司", "汽车电子有限公司", "轨道客车配件有限公司"),
    kind="企业",
    fields=("整车装调", "冲压与模具", "涂装工艺", "新能源电控"),
    jobs=("汽车装调工", "模具钳工", "涂装工", "电控调试工"),
    objects=(
        "前副车架",
        "车门铰链",
        "动力电池托盘",
        "线束插接件",
        "转向柱总成",
        "侧围外板",
        "客车内装骨架",
        "驱动电机定子",
    ),
    moves=(
        "装配防错装置",
        "冲压回弹补偿方法",
        "点焊质量在线判定",
        "漏装自动报警系统",
        "柔性检具的研制",
        "涂胶轨迹优化",
        "返修作业指导法",
    ),
)
POWER = Trade(
    industry="电力、热力生产和供应业",
    works=("供电服务有限公司", "热力有限公司", "电力检修有限公司", "新能源运维有限公司"),
    kind="企业",
    fields=("配网运维", "继电保护", "热网调度", "带电作业"),
    jobs=("配电线路工", "变电检修工", "电力电缆工", "热网调度员"),
    objects=(
        "十千伏开关柜",
        "配电台区",
        "电缆终端头",
        "热力站循环泵",
        "架空线路绝缘子",
        "光伏汇流箱",
        "变压器有载分接开关",
    ),
    moves=(
        "带电检测辅助支架",
        "故障快速定位方法",
        "智能巡检终端应用",
        "可视化接地装置",
        "节能运行策略",
        "不停电更换工具的研制",
        "过热预警系统",
    ),
)
HEALTH = Trade(
    industry="卫生和社会工作",
    works=("康和医院", "济民医院", "妇幼保健中心", "康复医院"),
    kind="事业单位",
    fields=("临床护理", "康复治疗", "检验技术", "急救护理"),
    jobs=("主管护师", "康复治疗师", "主管检验师", "副主任护师"),
    objects=(
        "气管切开患者",
        "长期卧床患者",
        "静脉留置针",
        "标本转运",
        "手术室器械",
        "透析患者",
        "老年吞咽障碍患者",
    ),
    moves=(
        "护理流程改进",
        "体位固定垫的研制",
        "信息化核对系统",
        "标准化操作包",
        "延伸服务模式",
        "风险评估表的应用",
        "家庭照护培训法",
    ),
)
SCHOOLS = Trade(
    industry="教育",
    works=("机电职业学校", "技师学院", "商贸职业学校", "现代农业职业学校"),
    kind="事业单位",
    fields=("实训教学", "技能竞赛辅导", "校企合作课程", "工业机器人教学"),
    jobs=("实习指导教师", "高级讲师", "数控实训教师", "机器人实训教师"),
    objects=(
        "数控铣削实训",
        "电气装调课程",
        "工业机器人工作站",
        "新能源汽车检修课程",
        "焊接实训车间",
        "学徒制班级",
    ),
    moves=(
        "项目化教学包",
        "虚实结合训练平台",
        "技能等级评价办法",
        "双导师带教模式",
        "活页式教材开发",
        "安全联锁装置",
        "赛教融合训练法",
    ),
)
