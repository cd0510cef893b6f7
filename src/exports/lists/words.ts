/** Words of the trade for the codes of acts, as registers and catalogues of agencies print them. */
import { CHANNEL_NAMES, RECEIVED_NAMES } from '../../statistics/prose/figures.js';

/** Code → word. A code that is not there is printed as it is. */
const WORDS: Readonly<Record<string, string>> = {
  ...CHANNEL_NAMES,
  ...RECEIVED_NAMES,
  'natural-person': '自然人',
  business: '商业企业',
  research: '科研机构',
  'public-welfare': '社会公益组织',
  'legal-service': '法律服务机构',
  // Of any of them.
  other: '其他',
  rules: '规章',
  normative: '规范性文件',
  'already-public': '已主动公开',
  granted: '予以公开',
  'partly-granted': '部分公开',
  refused: '不予公开',
  unavailable: '无法提供',
  'not-processed': '不予处理',
  otherwise: '其他处理',
  'other-agency': '不属于本机关公开',
  'not-existing': '信息不存在',
  'amend-supplement': '告知作出更改补充',
  'other-channel': '告知通过其他途径办理',
  abandoned: '不再处理',
  withdrawn: '撤回申请',
};

/** An act without the prefix of messages: `publication.released`. */
export function actName(type: string): string {
  return type.replace('disclosure.', '');
}

/** The word and the code, so that people and programs read it: `政府网站 website`. */
export function worded(code: string): string {
  const word = WORDS[code];
  return word === undefined ? code : `${word} ${code}`;
}
