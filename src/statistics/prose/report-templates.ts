/**
 * The prose of yearly reports, by form: titles of the parts in their order, what each must say, and where an agency
 * writes itself. Numbers of parts are written by the program.
 *
 * Sources: 国办发〔2014〕32号 with the report of 2017 whose chapters these are; 国办公开办函〔2019〕60号 and 〔2021〕30号, whose
 * parts two to four are the tables; part six reports 信息处理费 also where none was charged (国办函〔2020〕109号).
 */
import { CHANNELS, type Channel } from '../../domain/publication/acts.js';
import { parseTemplate, type Template } from './template.js';

/** A section has a heading with a number of its own; without one its words stand directly below the title. */
export interface SectionTemplate {
  readonly heading: string | null;
  readonly paragraphs: readonly Template[];
}

export interface PartTemplate {
  readonly title: string;
  readonly sections: readonly SectionTemplate[];
  /** Rows of the table that the part prints, by what their codes begin with; null where it prints none. */
  readonly rows: string | null;
  /** About so many characters it may have; absent = any. */
  readonly atMost?: number;
}

export interface ReportTemplate {
  /** Behind name and year of the agency. */
  readonly title: string;
  readonly opening: readonly Template[];
  readonly parts: readonly PartTemplate[];
  /** What the whole table is called behind the parts; null where these print it. */
  readonly annex: string | null;
}

/** Texts of this program are right when they are loaded: one that is not is a mistake in this file. */
function words(...texts: readonly string[]): Template[] {
  return texts.map((text) => {
    const { template, flaws } = parseTemplate(text);
    const [flaw] = flaws;
    if (flaw !== undefined) throw new Error(`${text.slice(flaw.at, flaw.at + 20)}: ${flaw.why}`);
    return template;
  });
}

/** Where an agency writes itself. */
const own = (what: string): string => `〔由本机关填写:${what}〕`;

function part(title: string, ...texts: readonly string[]): PartTemplate {
  return { title, sections: [{ heading: null, paragraphs: words(...texts) }], rows: null };
}

function section(heading: string, ...texts: readonly string[]): SectionTemplate {
  return { heading, paragraphs: words(...texts) };
}

const OPENING = '根据《中华人民共和国政府信息公开条例》等有关规定和要求,编制本报告。本报告中所列数据的统计期限自{period}止。';

const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  website: '通过政府网站公开',
  weibo: '通过政务微博公开',
  wechat: '通过政务微信公开',
  gazette: '通过政府公报公开',
  'bulletin-board': '通过信息公告栏公开',
  'press-conference': '通过新闻发布会公开',
  other: '通过其他方式公开',
};

/** Channels that no row of the form tells apart are told by their own figures; nothing where there is nothing. */
const BY_CHANNEL = ((): string => {
  const each = CHANNELS.map((channel) => ({ code: `s.items-by-channel:${channel}`, said: CHANNEL_WORDS[channel] }));
  const sentences = each.map(({ code, said }) => `{${code}||${said}{${code}#}。}`);
  return `{${each.map(({ code }) => code).join('+')}||${sentences.join('')}}`;
})();

const IN_TIME =
  '{s.answers||以答复办结{s.answers#},其中在法定期限内答复{s.answers-in-time#},按期答复率{s.share-in-time#},' +
  '答复用时中位数为{s.median-days#}。}';

const TEMPLATE_2014: ReportTemplate = {
  title: '政府信息公开工作年度报告',
  opening: words(OPENING),
  parts: [
    part('概述', own('全年工作概况')),
    {
      title: '组织领导和制度建设情况',
      sections: [section('领导重视,健全机构', own('领导机构和专门机构')), section('完善制度,落实政务公开工作', own('制度建设'))],
      rows: null,
    },
    part('重点领域政府信息公开工作推进情况', own('各重点领域的推进情况')),
    {
      title: '主动公开政府信息以及公开平台建设情况',
      sections: [
        section(
          '主动公开政府信息的情况',
          `{year}年,{1.1|本机关未有主动公开的政府信息。|本机关主动公开政府信息{1.1#}。}${BY_CHANNEL}`,
          '{1.1.of1|本年度未有主动公开的规范性文件。|其中主动公开规范性文件{1.1.of1#}。}',
          '{2.1+2.2.1+2.2.2||回应公众关注热点或重大舆情{2.1#},参加或举办新闻发布会{2.2.1#},发布政策解读稿件{2.2.2#}。}',
        ),
        section('政府信息公开平台建设情况', own('政府网站、新媒体和其他平台')),
      ],
      rows: null,
    },
    part(
      '政府信息公开申请办理情况',
      '{year}年度,{3.1|未有公民、法人或其他组织提出政府信息公开申请。|收到政府信息公开申请{3.1#},{growth 3.1}。}',
      `{3.2||办结申请{3.2#},其中按时办结{3.2.1#},延期办结{3.2.2#}。}${IN_TIME}`,
      '{3.3||答复申请{3.3#},其中同意公开{3.3.2#},同意部分公开{3.3.3#},不同意公开{3.3.4#}。}',
    ),
    part(
      '政府信息公开收费及减免情况',
      '{year}年度,{8|无政府信息公开收费情况。|收取政府信息公开费用{8#}。}{s.fees-waived|无减免情况。|减免{s.fees-waived#}。}',
    ),
    part(
      '因政府信息公开申请行政复议、提起行政诉讼情况',
      '{year}年度,{4+5|本机关没有发生因政府信息公开申请行政复议、提起行政诉讼的情况。|因政府信息公开被申请行政复议{4#},被提起行政诉讼{5#}。}',
      '{6||被举报投诉{6#}。}',
    ),
    part('政府信息公开保密审查及监督检查情况', own('保密审查制度和监督检查')),
    part('所属事业单位信息公开工作推进情况', own('所属单位的推进情况')),
    part('政府信息公开工作存在的主要问题及改进情况', own('主要问题和改进措施')),
    part('需要说明的事项', own('没有时写“无”')),
  ],
  annex: '政府信息公开工作情况统计表',
};

/** Row 8 of the other form is 4 here until 2016; its columns count the year and the years together. */
const TEMPLATE_FUJIAN: ReportTemplate = {
  title: '政府信息公开工作年度报告',
  opening: words(OPENING),
  parts: [
    part('概述', own('全年工作概况')),
    part(
      '主动公开政府信息情况',
      `{year}年,{1:year|本机关未有主动公开的政府信息。|本机关主动公开政府信息{1:year#},历年累计{1:cumulative#}。}${BY_CHANNEL}`,
    ),
    part(
      '政府信息依申请公开办理情况',
      '{year}年,{2:year|未有公民、法人或其他组织提出政府信息公开申请。|收到政府信息公开申请{2:year#},{growth 2:year}。}',
      `{3:year||答复申请{3:year#},其中同意公开{3.1:year#},同意部分公开{3.2:year#},不予公开{3.3:year#}。}${IN_TIME}`,
    ),
    part(
      '政府信息公开收费及减免情况',
      '{s.fees|本年度未收取政府信息公开费用。|本年度收取政府信息公开费用{s.fees#}。}',
      '{s.fees-waived|无减免情况。|减免{s.fees-waived#}。}',
    ),
    part(
      '因政府信息公开申请行政复议、提起行政诉讼情况',
      '{6:year+7:year|本机关没有发生因政府信息公开申请行政复议、提起行政诉讼的情况。|因政府信息公开被申请行政复议{6:year#},被提起行政诉讼{7:year#}。}',
    ),
    part('政府信息公开工作存在的主要问题及改进措施', own('主要问题和改进措施')),
  ],
  annex: '政府信息公开情况统计表',
};

/** Part one of the reports since 2019: their forms count published items nowhere, so it refers to codes. */
const SINCE_2019_PART_ONE = [
  own('全年工作概况'),
  `主动公开方面,{s.items|{year}年未有主动公开的政府信息。|{year}年主动公开政府信息{s.items#},{growth s.items}。}${BY_CHANNEL}` +
    '{s.interpretations||发布政策解读稿件{s.interpretations#}。}{s.concerns||回应公众关注热点或重大舆情{s.concerns#}。}',
  '依申请公开方面,{3.1:total|{year}年未有公民、法人或其他组织提出政府信息公开申请。|' +
    `{year}年收到政府信息公开申请{3.1:total}件,{growth 3.1:total}。}${IN_TIME}`,
] as const;

const SINCE_2019: ReportTemplate = {
  title: '政府信息公开工作年度报告',
  opening: words(OPENING),
  parts: [
    { ...part('总体情况', ...SINCE_2019_PART_ONE), atMost: 1000 },
    { ...part('主动公开政府信息情况'), rows: '2.' },
    { ...part('收到和处理政府信息公开申请情况'), rows: '3.' },
    { ...part('政府信息公开行政复议、行政诉讼情况'), rows: '4.' },
    part('存在的主要问题及改进情况', own('主要问题和改进情况')),
    part(
      '其他需要报告的事项',
      '依据《政府信息公开信息处理费管理办法》,{s.fees|本年度未收取信息处理费。|本年度收取信息处理费{s.fees#}。}',
      own('其他事项'),
    ),
  ],
  annex: null,
};

/** By form; a form without one has no text here. */
export const REPORT_TEMPLATES: Readonly<Record<string, ReportTemplate>> = {
  '2014-shandong': TEMPLATE_2014,
  '2014-fujian': TEMPLATE_FUJIAN,
  '2019': SINCE_2019,
  '2021': SINCE_2019,
};
