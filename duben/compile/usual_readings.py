"""Words that pypinyin's phrases read wrongly or not at all, with the tones of a dictionary."""

from __future__ import annotations

#: Word → its syllables. The first part are words whose last syllable is always weak; pypinyin has most
#: of them in the full tone. Words with two readings of two senses (大意, 兄弟) are not here, unless one of
#: them is rare in prose; then the other stands in HAZARDS.
USUAL = {
    row.split()[0]: tuple(row.split()[1:])
    for row in """
    爱人 ài ren
    巴掌 bā zhang
    帮手 bāng shou
    棒槌 bàng chui
    包袱 bāo fu
    包涵 bāo han
    比方 bǐ fang
    扁担 biǎn dan
    别扭 biè niu
    拨弄 bō nong
    玻璃 bō li
    薄荷 bò he
    簸箕 bò ji
    部分 bù fen
    大部分 dà bù fen
    一部分 yī bù fen
    裁缝 cái feng
    苍蝇 cāng ying
    差事 chāi shi
    柴火 chái huo
    称呼 chēng hu
    窗户 chuāng hu
    刺猬 cì wei
    凑合 còu he
    耷拉 dā la
    答应 dā ying
    打扮 dǎ ban
    打发 dǎ fa
    打量 dǎ liang
    打算 dǎ suan
    打听 dǎ ting
    打比方 dǎ bǐ fang
    耽搁 dān ge
    耽误 dān wu
    道士 dào shi
    灯笼 dēng long
    嘀咕 dí gu
    底下 dǐ xia
    弟兄 dì xiong
    点心 diǎn xin
    东西 dōng xi
    动静 dòng jing
    动弹 dòng tan
    豆腐 dòu fu
    嘟囔 dū nang
    对付 duì fu
    队伍 duì wu
    耳朵 ěr duo
    风筝 fēng zheng
    福气 fú qi
    甘蔗 gān zhe
    干净 gān jing
    高粱 gāo liang
    膏药 gāo yao
    告诉 gào su
    胳膊 gē bo
    公家 gōng jia
    姑娘 gū niang
    故事 gù shi
    寡妇 guǎ fu
    怪物 guài wu
    官司 guān si
    棺材 guān cai
    规矩 guī ju
    闺女 guī nü
    哈欠 hā qian
    含糊 hán hu
    行当 háng dang
    合同 hé tong
    和尚 hé shang
    核桃 hé tao
    厚道 hòu dao
    狐狸 hú li
    葫芦 hú lu
    糊涂 hú tu
    护士 hù shi
    皇上 huáng shang
    活泼 huó po
    伙计 huǒ ji
    机灵 jī ling
    脊梁 jǐ liang
    记号 jì hao
    记性 jì xing
    家当 jiā dang
    架势 jià shi
    嫁妆 jià zhuang
    见识 jiàn shi
    将就 jiāng jiu
    交情 jiāo qing
    结实 jiē shi
    街坊 jiē fang
    姐夫 jiě fu
    戒指 jiè zhi
    咳嗽 ké sou
    客气 kè qi
    口袋 kǒu dai
    窟窿 kū long
    快活 kuài huo
    块头 kuài tou
    困难 kùn nan
    喇叭 lǎ ba
    老婆 lǎo po
    老实 lǎo shi
    老爷 lǎo ye
    累赘 léi zhui
    篱笆 lí ba
    力气 lì qi
    厉害 lì hai
    利落 lì luo
    利索 lì suo
    痢疾 lì ji
    粮食 liáng shi
    溜达 liū da
    骆驼 luò tuo
    麻烦 má fan
    麻利 má li
    马虎 mǎ hu
    冒失 mào shi
    眉毛 méi mao
    媒人 méi ren
    门道 mén dao
    迷糊 mí hu
    苗条 miáo tiao
    名堂 míng tang
    名字 míng zi
    明白 míng bai
    蘑菇 mó gu
    模糊 mó hu
    木匠 mù jiang
    难为 nán wei
    难处 nán chu
    脑袋 nǎo dai
    能耐 néng nai
    念叨 niàn dao
    娘家 niáng jia
    奴才 nú cai
    女婿 nǚ xu
    疟疾 nüè ji
    牌楼 pái lou
    盘算 pán suan
    朋友 péng you
    脾气 pí qi
    屁股 pì gu
    漂亮 piào liang
    葡萄 pú tao
    菩萨 pú sa
    欺负 qī fu
    亲戚 qīn qi
    勤快 qín kuai
    清楚 qīng chu
    热闹 rè nao
    认识 rèn shi
    扫帚 sào zhou
    商量 shāng liang
    上司 shàng si
    烧饼 shāo bing
    少爷 shào ye
    牲口 shēng kou
    生意 shēng yi
    师父 shī fu
    师傅 shī fu
    石匠 shí jiang
    石榴 shí liu
    时候 shí hou
    拾掇 shí duo
    使唤 shǐ huan
    事情 shì qing
    收成 shōu cheng
    收拾 shōu shi
    首饰 shǒu shi
    舒服 shū fu
    舒坦 shū tan
    疏忽 shū hu
    爽快 shuǎng kuai
    思量 sī liang
    算计 suàn ji
    岁数 suì shu
    特务 tè wu
    挑剔 tiāo ti
    跳蚤 tiào zao
    头发 tóu fa
    妥当 tuǒ dang
    唾沫 tuò mo
    委屈 wěi qu
    稳当 wěn dang
    窝囊 wō nang
    稀罕 xī han
    媳妇 xí fu
    喜欢 xǐ huan
    下巴 xià ba
    吓唬 xià hu
    先生 xiān sheng
    乡下 xiāng xia
    相声 xiàng sheng
    消息 xiāo xi
    笑话 xiào hua
    谢谢 xiè xie
    心思 xīn si
    行李 xíng li
    休息 xiū xi
    秀才 xiù cai
    秀气 xiù qi
    学生 xué sheng
    学问 xué wen
    衙门 yá men
    胭脂 yān zhi
    眼睛 yǎn jing
    秧歌 yāng ge
    养活 yǎng huo
    吆喝 yāo he
    妖精 yāo jing
    衣服 yī fu
    应酬 yìng chou
    冤枉 yuān wang
    月饼 yuè bing
    月亮 yuè liang
    云彩 yún cai
    在乎 zài hu
    早上 zǎo shang
    扎实 zhā shi
    栅栏 zhà lan
    招呼 zhāo hu
    招牌 zhāo pai
    芝麻 zhī ma
    知识 zhī shi
    指甲 zhǐ jia
    主意 zhǔ yi
    状元 zhuàng yuan
    祖宗 zǔ zong
    嘴巴 zuǐ ba
    地方 dì fang

    地方政府 dì fāng zhèng fǔ
    地方规定 dì fāng guī dìng
    地方法规 dì fāng fǎ guī
    地方标准 dì fāng biāo zhǔn
    地方财政 dì fāng cái zhèng
    地方企业 dì fāng qǐ yè
    地方经济 dì fāng jīng jì
    地方各级 dì fāng gè jí
    地方主义 dì fāng zhǔ yì
    地方官 dì fāng guān
    地方税 dì fāng shuì
    地方性 dì fāng xìng
    地方志 dì fāng zhì
    地方戏 dì fāng xì
    抵还 dǐ huán
    摊还 tān huán
    还款 huán kuǎn
    还帐 huán zhàng
    还政 huán zhèng
    还田 huán tián
    卡钳 qiǎ qián
    薄膜 bó mó
    等差 děng chā
    方差 fāng chā
    级差 jí chā
    均差 jūn chā
    落差 luò chā
    逆差 nì chā
    色差 sè chā
    时差 shí chā
    视差 shì chā
    岁差 suì chā
    温差 wēn chā
    反差 fǎn chā
    粘结 zhān jié
    照片 zhào piàn
    相片 xiàng piàn
    换血 huàn xuè
    献血 xiàn xuè
    重睹 chóng dǔ
    重振 chóng zhèn
    重名 chóng míng
    重檐 chóng yán
    三相 sān xiàng
    绑扎 bǎng zā
    他处 tā chù
    无处 wú chù
    出处 chū chù
    倒是 dào shì
    倒序 dào xù
    卷帘 juǎn lián
    数得清 shǔ de qīng
    算得 suàn de
    少不了 shǎo bù liǎo
    容不得 róng bù de
    """.strip().splitlines()
    if row.strip()
}
