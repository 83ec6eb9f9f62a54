"""Made-up articles in Chinese and English, from parts that are put together at random."""

ZH_WHO = """省统计局 市水利局 自然资源部门 国家图书馆 某大学图书馆 农业农村厅 海关总署 气象部门 地方志办公室 教育主管部门
科研团队 项目组 编写组 调查队 审计机关 交通运输厅 林业和草原局 考古研究所 档案馆 生态环境局 发展改革委 标准化委员会 行业协会 卫生健康委
市场监管总局 人民银行分行 出版社 学会秘书处 博物馆 野外台站""".split()
ZH_DID = """公布了 完成了 启动了 修订了 汇总了 核实了 印发了 补充了 解读了 验收了 比较了 梳理了 部署了 推进了 评估了 回顾了
编制了 发布了 征集了 归档了 审议了 核算了 监测了 调整了""".split()
ZH_WHAT = """年度水资源公报 第三次全国土壤普查成果 古籍数字化目录 县域经济运行数据 进出口商品结构表 高等学校学科名单 地方志书稿 降水距平图
城镇居民收支调查 湖泊水质断面数据 公路货运量统计 林草湿监测报告 窑址发掘简报 开放获取期刊清单 馆藏民国文献书目 价格指数权数 新版分类标准
基层医疗机构名录 小微企业贷款余额 粮食播种面积 碳排放核算边界 非遗传承人名册 防汛应急预案 学术道德规范 遥感影像数据集 方言地图""".split()
ZH_HOW = """按照统一口径 在多方论证之后 结合实地走访 依托信息平台 经专家评审 根据前期试点情况 以第四季度为基期 参照国际通行做法 通过抽样方法
在各地配合之下 对照原始凭证 历时两年 分三个批次 采用新的算法 沿用既有分类 听取公众意见之后""".split()
ZH_AND = """其中西部地区占比有所提高 有关结果将陆续公开 下一步将扩大覆盖范围 部分指标与往年不可直接比较 缺测站点已作插补处理 读者可到阅览室查阅原件
各地差异依然明显 总体保持平稳 这一变化与季节因素有关 详细数据见附表 更正内容以最新版本为准 相关单位表示欢迎 仍需长期观察
主要增量来自沿海城市 人均水平低于平均值 有待进一步核实 同类研究尚不多见 后续工作由专班负责 经费由财政统筹安排""".split()

EN_WHO = """the committee|the survey team|the provincial archive|the university library|the statistics office|the working group
the river authority|the museum|an independent panel|the census bureau|the research station|the publisher|the ministry
the trade association|the editors|the water board|the regional court|the observatory|the botanical institute|the port authority""".replace("\n", "|").split("|")
EN_DID = """published|revised|compared|withdrew from circulation|digitised|summarised|audited|mapped|catalogued|released
re-estimated|translated|reviewed|collected|restored|corrected|commissioned|measured""".replace("\n", "|").split("|")
EN_WHAT = """the annual water balance|a register of historic maps|household income tables|the inventory of wetlands
customs returns by commodity|the second soil survey|parish registers of the county|wholesale price weights
a gazetteer of place names|groundwater levels from ninety wells|the bibliography of the journal|freight figures for the canal
the code of practice for editors|satellite images of the delta|school enrolment by district|the glossary of dialect terms
measurements of spring tides|a directory of rural clinics|the land use atlas|minutes of its closed sessions""".replace("\n", "|").split("|")
EN_HOW = """after two rounds of consultation|with a smaller sample than before|by the method agreed in the spring
in three batches|using the older classification|against the advice of its own staff|from handwritten ledgers
with help from volunteers|for the first time since the war|as the statute requires|on the basis of field visits
at the request of readers|without changing the base year""".replace("\n", "|").split("|")
EN_AND = """the western districts account for most of the rise|earlier years cannot be compared directly|gaps were filled by interpolation
a full table stands in the annex|the change is seasonal at least in part|readers may consult the originals by appointment
no cause has been established|costs were met from the general fund|the next edition will cover the islands
the results were welcomed with caution|regional differences remain large|the authors call for longer observation
duplicates were removed by hand|the figures include estimates""".replace("\n", "|").split("|")


def number(rng):
    return rng.choice([
        f"{rng.randint(2, 98)}.{rng.randint(1, 9)}%",
        f"{rng.randint(1, 9)},{rng.randint(100, 999)}",
        f"{rng.randint(11, 990)}",
        f"{rng.randint(100, 9999)}.{rng.randint(1, 9)}",
    ])


def zh_sentence(rng):
    shape = rng.randrange(4)
    who, did, what, how, more = (rng.choice(x) for x in (ZH_WHO, ZH_DID, ZH_WHAT, ZH_HOW, ZH_AND))
    if shape == 0:
        return f"{how}，{who}{did}{what}，{more}。"
    if shape == 1:
        return f"{who}{did}{what}，涉及{number(rng)}个单位，{more}。"
    if shape == 2:
        return f"{what}显示，有关数值为{number(rng)}，比上期变动{number(rng)}，{more}。"
    return f"据{who}介绍，{what}{how}形成，{more}；{rng.choice(ZH_AND)}。"


def en_sentence(rng):
    who, did, what, how, more = (rng.choice(x) for x in (EN_WHO, EN_DID, EN_WHAT, EN_HOW, EN_AND))
    shape = rng.randrange(3)
    if shape == 0:
        text = f"{how}, {who} {did} {what}, and {more}."
    elif shape == 1:
        text = f"{who} {did} {what} for {number(rng)} places {how}; {more}."
    else:
        text = f"in {what} the value stands at {number(rng)}, which {who} {did} {how}."
    return text[0].upper() + text[1:]


class Words:
    """The language of a site."""

    def __init__(self, lang):
        self.lang = lang
        self.zh = lang == "zh"

    def sentence(self, rng):
        return zh_sentence(rng) if self.zh else en_sentence(rng)

    def paragraphs(self, rng, n=4):
        gap = "" if self.zh else " "
        return [gap.join(self.sentence(rng) for _ in range(rng.randint(1, 2))) for _ in range(n)]

    def title(self, rng):
        if self.zh:
            return rng.choice(ZH_WHO) + rng.choice(ZH_DID).rstrip("了") + rng.choice(ZH_WHAT)
        text = f"{rng.choice(EN_WHAT)}: what {rng.choice(EN_WHO)} {rng.choice(EN_DID)}"
        return text[0].upper() + text[1:]

    def headlines(self, rng, n):
        return [self.title(rng) for _ in range(n)]

    def date(self, rng):
        y, m, d = rng.randint(2014, 2025), rng.randint(1, 12), rng.randint(1, 28)
        return f"{y}-{m:02}-{d:02}"
