/** A small year 2017 of the test agency with known figures, for tests of what is read. */
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from './messages.js';

export const YEAR = 2017;
export const TABLE = `/v1/agencies/${AGENCY}/tables/${YEAR}`;
/** A document number as agencies write them, as the number of a case. */
export const CHINESE_NUMBER = '鲁商字〔2017〕8号';

/**
 * Two items on three channels, one of them returned and revised first, one a normative document; a meeting; a declared
 * figure.
 */
export function smallYear(): Message[] {
  const subject = `publication/${CHINESE_NUMBER}`;
  const [first, second] = [hashOf('first version'), hashOf('second version')];
  return [
    ...setUp(),
    ...approvedItem('plain', '2017-03-02'),
    released('plain', '2017-03-02', 'website'),
    message('publication.drafted', subject, at('2017-04-01', 9), 'drafter', {
      title: '关于印发办法的通知',
      contentHash: first,
      normative: 'normative',
    }),
    message('publication.cleared', subject, at('2017-04-01', 10), 'office', {
      step: 'office',
      verdict: 'returned',
      contentHash: first,
      opinion: '涉及个人信息, 请删除',
    }),
    message('publication.revised', subject, at('2017-04-02', 9), 'drafter', { contentHash: second }),
    message('publication.cleared', subject, at('2017-04-02', 10), 'office', { step: 'office', verdict: 'passed', contentHash: second }),
    message('publication.cleared', subject, at('2017-04-02', 11), 'lawyer', {
      step: 'regulations',
      verdict: 'passed',
      contentHash: second,
    }),
    message('publication.approved', subject, at('2017-04-03', 9), 'leader', { contentHash: second }),
    message('publication.released', subject, at('2017-04-04', 9), 'editor', { channel: 'website', contentHash: second }),
    message('publication.released', subject, at('2017-04-05', 9), 'editor', { channel: 'wechat', contentHash: second }),
    message('meeting.held', 'meeting/1', at('2017-05-02'), 'office', { title: '政务公开工作会议' }),
    message('agency.figure-declared', `agency/${AGENCY}`, at('2018-01-05'), 'root', {
      year: 2017,
      form: '2014-shandong',
      cell: '9.1',
      value: '1',
      evidence: '编办文件',
    }),
  ];
}

/** One more item of the year, released on the website: four acts, and the release. */
export function oneMoreItem(number: string): Message[] {
  return [...approvedItem(number, '2017-06-01'), released(number, '2017-06-01', 'website')];
}
