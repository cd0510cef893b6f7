/**
 * What a form prints over its columns and blocks. It stands beside the form, not in it: a pack carries each form as
 * data under a digest that its verifier knows, a report names that digest, and neither changes because a head is
 * printed.
 *
 * A section is a block of rows under one row of heads. A column key has one meaning within its section: `other` is 其他
 * in part three, 其他结果 in part four.
 */

/** A head over the values of one column, exactly as printed; `group` is the head over several of them. */
export interface Head {
  readonly key: string;
  readonly label: string;
  readonly group?: string;
}

export interface SectionHeads {
  /** Stable name of the block: the code its rows begin with, `table` where the whole form is one block. */
  readonly section: string;
  /** Printed over the block; null where nothing is. */
  readonly title: string | null;
  /** Printed over the labels of the rows. */
  readonly rowHead: string;
  /** The rule that the form prints in the head. */
  readonly note?: string;
  /** Printed over all columns. */
  readonly over?: string;
  readonly columns: readonly Head[];
  /** What is printed over several rows, by the code of the first of them. */
  readonly before?: Readonly<Record<string, string>>;
}

/** A head with the block it belongs to, as tables carry it. */
export interface ColumnHead extends Head {
  readonly section: string;
}

/** The block of a row of several columns. */
export function sectionOf(heads: readonly SectionHeads[], code: string): SectionHeads | undefined {
  return heads.find(({ section }) => section === WHOLE || code.startsWith(`${section}.`));
}

/** Name of the block where the form is one. */
export const WHOLE = 'table';

export function columnsOf(heads: readonly SectionHeads[]): ColumnHead[] {
  return heads.flatMap(({ section, columns }) => columns.map((head) => ({ section, ...head })));
}

const kind = (key: string, label: string): Head => ({ key, label, group: '法人或其他组织' });

/** Parts three and four, the same in the formats of 2019 and 2021. */
export const PARTS_THREE_AND_FOUR: readonly SectionHeads[] = [
  {
    section: '3',
    title: '三、收到和处理政府信息公开申请情况',
    rowHead: '',
    note: '（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）',
    over: '申请人情况',
    columns: [
      { key: 'natural-person', label: '自然人' },
      kind('business', '商业企业'),
      kind('research', '科研机构'),
      kind('public-welfare', '社会公益组织'),
      kind('legal-service', '法律服务机构'),
      kind('other', '其他'),
      { key: 'total', label: '总计' },
    ],
    before: { '3.3.1': '三、本年度办理结果' },
  },
  {
    section: '4',
    title: '四、政府信息公开行政复议、行政诉讼情况',
    rowHead: '',
    columns: [
      { key: 'upheld', label: '结果维持' },
      { key: 'corrected', label: '结果纠正' },
      { key: 'other', label: '其他结果' },
      { key: 'pending', label: '尚未审结' },
      { key: 'total', label: '总计' },
    ],
    before: { '4.2': '行政诉讼' },
  },
];

/** A block of part two: an item of 第二十条 of the regulation. */
export function articleTwenty(section: string, item: string, columns: Readonly<Record<string, string>>): SectionHeads {
  return {
    section,
    title: `第二十条第（${item}）项`,
    rowHead: '信息内容',
    columns: Object.entries(columns).map(([key, label]) => ({ key, label })),
  };
}
