"""Names that are written with a capital in pinyin (GB/T 16159): well-known ones, no others are guessed."""

from __future__ import annotations

#: Countries, provinces, their capitals and other large cities, rivers, dynasties, languages: in Simplified.
NAMES = frozenset(
    """
    中国 中华 亚洲 欧洲 非洲 美洲 北美洲 南美洲 大洋洲 南极洲 太平洋 大西洋 印度洋 北冰洋 地中海
    美国 英国 法国 德国 俄国 俄罗斯 苏联 日本 韩国 朝鲜 蒙古 越南 老挝 柬埔寨 泰国 缅甸 马来西亚 新加坡
    印度尼西亚 印尼 菲律宾 印度 巴基斯坦 孟加拉国 尼泊尔 不丹 斯里兰卡 阿富汗 伊朗 伊拉克 沙特阿拉伯
    以色列 土耳其 叙利亚 约旦 黎巴嫩 埃及 利比亚 苏丹 埃塞俄比亚 肯尼亚 尼日利亚 南非 哈萨克斯坦
    乌兹别克斯坦 乌克兰 白俄罗斯 波兰 捷克 匈牙利 罗马尼亚 保加利亚 希腊 意大利 西班牙 葡萄牙 瑞士 瑞典
    挪威 芬兰 丹麦 荷兰 比利时 奥地利 爱尔兰 冰岛 加拿大 墨西哥 古巴 巴西 阿根廷 智利 秘鲁 哥伦比亚
    委内瑞拉 澳大利亚 新西兰 塞尔维亚
    北京 天津 上海 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南
    广东 广西 海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 台湾 香港 澳门
    石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 南宁 海口
    成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 台北 大连 青岛 深圳 厦门 宁波 苏州 无锡 洛阳 大庆
    鞍山 徐州 扬州 温州 珠海 东莞 佛山 唐山 包头 桂林 开封
    东北 华北 华东 华南 华中 西北 西南 辽东 江南 中原 长三角 珠三角
    长江 黄河 淮河 珠江 汉水 汉江 湘江 赣江 松花江 辽河 嫩江 渤海 黄海 东海 南海 洞庭湖 鄱阳湖 太湖 东湖
    泰山 华山 黄山 庐山 太行山 秦岭 长城
    夏朝 商朝 周朝 秦朝 汉朝 晋朝 隋朝 唐朝 宋朝 元朝 明朝 清朝 商代 周代 秦代 汉代 晋代 隋代 唐代 宋代
    元代 明代 清代 西周 东周 春秋战国 西汉 东汉 西晋 东晋 北魏 北宋 南宋 清末 明末 唐末
    汉语 英语 法语 德语 俄语 日语 汉字 中文 英文 日文 汉族 满族 蒙古族 藏族 回族 维吾尔族
    孔子 孟子 庄子 诸葛亮 毛泽东 习近平 孙中山 邓小平 鲁迅 李白 杜甫 白居易 苏轼 司马迁 屈原
    春节 国庆 中秋 端午 清明节 元旦
    """.split()
)
#: Names of two words, by where the second begins. The rest are one word.
_SECOND = {
    "诸葛亮": 2, "毛泽东": 1, "习近平": 1, "孙中山": 1, "邓小平": 1, "鲁迅": 1, "李白": 1,
    "杜甫": 1, "白居易": 1, "苏轼": 1, "司马迁": 2, "屈原": 1,
}  # fmt: skip
#: What stands after a name as a word of its own, with a capital, too.
UNITS = frozenset("省 市 县 州 区 镇 乡 村 自治区 自治州 特别行政区".split())
#: What the name of a body ends with: all its words have capitals, if they begin with a name.
BODIES = ("大学", "学院", "科学院", "工程院", "研究院", "研究所", "公司", "集团", "银行")


def second_word(name: str) -> int:
    """Where the second word of a name of two begins; 0 for a name of one word."""
    return _SECOND.get(name, 0)
