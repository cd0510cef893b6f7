/** A report's text as sentences, with what is no count in it blanked out. Places in a sentence stay what they were. */
import { blankedOut, narrow } from './numerals.js';
import { simplified } from './rules/traditional.js';

export interface Sentence {
  /** 1-based line of the text. */
  readonly line: number;
  /** As written. */
  readonly text: string;
  /** The same in simplified characters and narrow digits, where what counts nothing is □: one character for one. */
  readonly plain: string;
  /** The last line before it that is a heading, in simplified characters; empty where there is none. */
  readonly heading: string;
}

/** What holds numerals and counts nothing. */
const NO_COUNT: readonly RegExp[] = [
  // Titles of documents, and numbers of notices: 国令第711号, 金政办发〔2017〕20号.
  /《[^《》]*》/g,
  /[〔[【(（]\d{4}[〕\]】)）]\s*\d+\s*号/g,
  /第\s*[\d零〇一二两三四五六七八九十百千、]+\s*[条款项号届次期章节批季件个]/g,
  /[（(][\d一二三四五六七八九十]{1,3}[）)]/g,
  // Numbers before a heading or an item of a list: 一、 1. 2、
  /^\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[、.．](?!\d)/g,
  /(?<=[。；：\s])\d{1,2}\s*[、.．](?!\d)/g,
  // Addresses, telephones, times of day.
  /[A-Za-z][\w+.-]*:\/\/[^\s，。；）)]+|\b[\w-]+(?:\.[\w-]+){2,}[^\s，。；）)]*|[\w.+-]+@[\w.-]+/g,
  /\d{3,4}[-—－]\d{6,8}(?:[-—－]\d{1,5})?|(?<!\d)1[3-9]\d{9}(?!\d)|\d{1,2}[:：]\d{2}/g,
  // Days and periods.
  /\d{1,2}\s*月(?:份|\d{1,2}\s*[日号])?|\d{1,2}\s*日/g,
  /[\d一二三四五六七八九十]+\s*个?(?:工作日|自然日|小时|分钟|月|季度|百分点)/g,
  // Names and set phrases with a numeral.
  /[十廿二三四五六七八九]+(?:大(?!\s*[类项])|届|中全会)|十[三四五]五|三安全一稳定|(?<![十百千零])一(?:[把事站网体定并般致些直批起]|次性|步)/g,
  /两[会微学]|三公|四类|三类|“[^“”]{0,8}[一二两三四五六七八九十\d][^“”]{0,8}”/g,
];

const END = /[。！？!?\n]/;

/** Rows of tables are no sentences: they hold bars or tabs, or end in a unit and a number with blanks around them. */
const ROW = /\||\t|\S\s+[^\s\d]{1,3}\s+[+-]?\d[\d,.]*\s*$/;

/** A line like 五、政府信息公开申请办理情况, or a short one that ends without a stop. */
const HEADING = /^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、．])?[^，。；：\d]{2,40}$/;

export function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  let heading = '';
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (ROW.test(line) || line.trim() === '') continue;
    if (HEADING.test(line)) heading = simplified(line.trim());
    for (const part of line.split(/(?<=[。！？!?])/)) {
      if (part.replace(END, '').trim() !== '') found.push({ line: at + 1, text: part.trim(), plain: blanked(part.trim()), heading });
    }
  }
  return found;
}

function blanked(text: string): string {
  return blankedOut(narrow(simplified(text)), NO_COUNT);
}
