"""Tables for the review of polyphones: what pypinyin's phrases decide badly, and names."""

from __future__ import annotations

#: Words that pypinyin's phrase table reads wrongly, or that have a second reading with another sense
#: (大夫 is a physician or a rank), with the reading that it does not give, in the tones of a dictionary.
#: Found by reading through its two-character phrases with the commonest polyphones.
HAZARDS = dict(
    line.split(maxsplit=1)
    for line in """
    穿着 chuān zhuó
    卡口 qiǎ kǒu
    大夫 dài fu
    大王 dài wang
    分子 fēn zǐ
    分行 fēn xíng
    公差 gōng chā
    高差 gāo chā
    较差 jiào chā
    外差 wài chā
    销差 xiāo chā
    种差 zhǒng chā
    补差 bǔ chā
    肥差 féi chāi
    差等 chā děng
    差失 chā shī
    差误 chā wù
    片子 piàn zi
    采血 cǎi xuè
    出血 chū xuè
    放血 fàng xuè
    流血 liú xuè
    便血 biàn xuè
    尿血 niào xuè
    上调 shàng tiáo
    下调 xià diào
    上行 shàng xíng
    成行 chéng xíng
    行道 xíng dào
    一行 yī háng
    重版 zhòng bǎn
    重茬 chóng chá
    重弹 zhòng dàn
    重读 zhòng dú
    重犯 zhòng fàn
    重楼 chóng lóu
    重头 zhòng tóu
    相机 xiāng jī
    相态 xiàng tài
    选载 xuǎn zǎi
    配载 pèi zài
    脱壳 tuō qiào
    用处 yòng chù
    满处 mǎn chù
    错处 cuò chù
    苦处 kǔ chù
    私处 sī chù
    下处 xià chù
    斗牛 dǒu niú
    斗箕 dǒu jī
    水斗 shuǐ dǒu
    溶斗 róng dǒu
    强人 qiáng rén
    转动 zhuàn dòng
    转角 zhuàn jiǎo
    转矩 zhuǎn jǔ
    转向 zhuàn xiàng
    倒产 dǎo chǎn
    倒车 dǎo chē
    倒数 dào shù
    卷柏 juǎn bǎi
    缝工 féng gōng
    空心 kòng xīn
    铺板 pū bǎn
    长机 zhǎng jī
    见长 jiàn cháng
    所长 suǒ cháng
    中的 zhòng dì
    朝阳 cháo yáng
    都会 dōu huì
    地道 dì dao
    为人 wèi rén
    正当 zhèng dàng
    当年 dàng nián
    当日 dàng rì
    当时 dàng shí
    播种 bō zhòng
    结果 jiē guǒ
    数数 shù shù
    便宜 biàn yí
    琢磨 zuó mo
    字号 zì hao
    东西 dōng xī
    难处 nán chǔ
    地方 dì fāng
    """.strip().splitlines()
)

#: Characters that are read in their own way as surnames.
SURNAMES = dict(
    pair.split("=")
    for pair in (
        "任=rén 单=shàn 区=ōu 查=zhā 仇=qiú 解=xiè 华=huà 曾=zēng 盖=gě 燕=yān 宁=nìng 纪=jǐ 朴=piáo"
        " 覃=qín 召=shào 乐=yuè 翟=zhái 缪=miào 种=chóng 折=shé 葛=gě 员=yùn 隗=wěi 洗=xiǎn"
        " 祭=zhài 秘=bì 佴=nài 那=nā 句=gōu 过=guō 卜=bǔ"
    ).split()
)
