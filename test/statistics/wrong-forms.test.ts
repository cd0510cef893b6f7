/**
 * A form with a fault is noticed, and what is said of it names the file and the line to look at. Each fault is put into
 * the source of a form.
 */
import type { RegisteredForm } from '../../src/statistics/forms/registered.js';
import { changedSource, loadWith } from '../support/broken-source.js';
import { faultsOf } from '../support/form-checks.js';
import { FORMS_FOLDER, linesIn, readInstead } from '../support/form-source.js';

interface Fault {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly form: string;
  readonly says: RegExp;
  /** Where to look, if not at the change itself: a line with this text. */
  readonly look?: string;
}

const SHANDONG = { file: '2014-shandong', form: '2014-shandong' };
const FUJIAN = { file: '2014-fujian', form: '2014-fujian' };
const REPORT = { file: 'annual-report', form: '2021' };

const FAULTS: readonly Fault[] = [
  {
    ...{ what: 'a channel in two cells', ...SHANDONG, from: "released('wechat')", to: "released('wechat', 'gazette')" },
    says: /item\.released channel=gazette is counted twice: in 1\.2\.3 and 1\.2\.4/,
  },
  {
    ...{
      what: 'a channel in two cells of a form of two columns',
      ...FUJIAN,
      from: "received('letter', 'fax')",
      to: "received('letter', 'online')",
    },
    says: /channel=online .*is counted twice: in 2\.2:year and 2\.3:year/,
  },
  {
    ...{ what: 'a channel in none', ...SHANDONG, from: "'bulletin-board', 'press-conference', 'other'", to: "'bulletin-board', 'other'" },
    says: /item\.released channel=press-conference is in no cell/,
  },
  {
    ...{ what: 'a channel that is none', ...SHANDONG, from: "released('wechat')", to: "released('wechat', 'radio')" },
    says: /1\.2\.3: item\.released has never channel=radio/,
  },
  {
    ...{ what: 'a total without a part', ...SHANDONG, from: "'5': ['5.1', '5.2', '5.3']", to: "'5': ['5.1', '5.3']" },
    says: /5: is not the total of 5\.1, 5\.2, 5\.3/,
  },
  {
    ...{ what: 'a total without parts', ...SHANDONG, from: "  '7': ['7.1', '7.2'],\n", to: '\n' },
    ...{ says: /7: is not the total of 7\.1, 7\.2/, look: "row('7', " },
  },
  {
    ...{ what: 'a total down a column without a part', ...FUJIAN, from: "['3.1', '3.2', '3.3', '3.4']", to: "['3.1', '3.2', '3.4']" },
    ...{ says: /3:year: is not the total of 3\.1:year, 3\.2:year, 3\.3:year, 3\.4:year/, look: "line('3', " },
  },
  {
    ...{
      what: 'a total across a row without a column',
      ...REPORT,
      from: "      pending: pieces({ basis: 'counted',",
      to: "      left: pieces({ basis: 'counted',",
    },
    says: /4\.1:total: is not the total of its row/,
    look: "line('4.1', ",
  },
  {
    ...{ what: 'a cell in two totals', ...SHANDONG, from: "'6': ['6.1', '6.2', '6.3']", to: "'6': ['6.1', '6.2', '6.3', '7.1']" },
    says: /7\.1 is part of 6 and 7: it counts in both/,
  },
  {
    ...{ what: 'a cell on two ways into a total', ...SHANDONG, from: "'3.3.7', '3.3.8'],", to: "'3.3.7', '3.3.8', '3.3.4.of1']," },
    says: /3\.3: adds up 3\.3\.4\.of1 twice/,
  },
  {
    ...{ what: 'a total of itself', ...SHANDONG, from: "'4': ['4.1', '4.2', '4.3']", to: "'4': ['4', '4.2', '4.3']" },
    says: /4: is part of itself/,
  },
  {
    ...{ what: 'a total of a cell that is not there', ...SHANDONG, from: "'7': ['7.1', '7.2']", to: "'7': ['7.1', '7.9']" },
    says: /7: is the total of 7\.9, which the form does not have/,
  },
  {
    ...{ what: 'a rule over a cell that is not there', ...FUJIAN, from: "parts: [name('1.2')]", to: "parts: [name('1.9')]" },
    says: /the rule part-of names 1\.9:year, which the form does not print/,
  },
  {
    ...{
      what: 'a bound over a cell that is not there',
      ...SHANDONG,
      from: "channels: ['1.2.1', '1.2.2'",
      to: "channels: ['1.2.1', '1.2.9'",
    },
    says: /the rule distinct-bound names 1\.2\.9/,
  },
  {
    ...{ what: 'a row without its bound', ...SHANDONG, from: "  { rule: 'part-of', parts: ['2.2.1.of1'], whole: '2.2.1' },\n", to: '\n' },
    ...{ says: /2\.2\.1: neither adds up 2\.2\.1\.of1 nor bounds it/, look: "row('2.2.1', " },
  },
  {
    ...{ what: 'a stock without its chain', ...FUJIAN, from: 'plus: [`${code}:year`]', to: 'plus: [`${code}:cumulative`]' },
    ...{ says: /1:cumulative: no roll-forward rule says that it follows from 1:cumulative, 1:year/, look: "line('1', " },
  },
  {
    ...{ what: 'a row that nothing counts', ...SHANDONG, from: "'次', counted({ measure: 'meeting.held' })", to: "'次', HEADING" },
    says: /10\.1: nothing counts it, nothing declares it/,
  },
  {
    ...{
      what: 'a row that counts no channel',
      ...FUJIAN,
      from: "line('1.2', '2、政府公报公开数', '条', counted(released('gazette')))",
      to: "line('1.2', '2、政府公报公开数', '条', counted([]))",
    },
    says: /1\.2:year: counts nothing/,
  },
  {
    ...{ what: 'two rows of one code', ...SHANDONG, from: "row('1.2.3', ", to: "row('1.2.2', " },
    says: /1\.2\.2: two rows or cells have this name/,
    look: "row('1.2.2', ",
  },
  {
    ...{ what: 'a column without a head', ...FUJIAN, from: "      { key: 'cumulative', label: '历年累计' },\n", to: '\n' },
    ...{ says: /1:? ?.*its columns are year, cumulative; heads stand over year/, look: "line('1', " },
  },
  {
    ...{ what: 'a column that takes another value', ...REPORT, from: "upheld: decided('upheld'),", to: "upheld: decided('corrected')," },
    says: /4\.1:upheld: takes result=corrected/,
  },
  {
    ...{ what: 'a label with another number', ...SHANDONG, from: "'2.政务微博公开政府信息数'", to: "'5.政务微博公开政府信息数'" },
    says: /1\.2\.2: is numbered as 5/,
  },
  {
    ...{
      what: 'money in pieces',
      ...FUJIAN,
      from: "counted({ measure: 'application.fee-waived' }), 2)",
      to: "counted({ measure: 'application.fee-waived' }))",
    },
    says: /4:year: scale 0 in 元/,
  },
  {
    ...{
      what: 'a pair that is no longer counted twice',
      ...FUJIAN,
      from: "counted({ measure: 'reconsideration.decided' })",
      to: "counted({ measure: 'lawsuit.decided' })",
    },
    says: /reconsideration\.decided .*is in no cell/,
    look: "id: '2014-fujian'",
  },
];

test.each(FAULTS)('$what', ({ file, from, to, form, says, look }) => {
  const changed = changedSource({ file: `${FORMS_FOLDER}/${file}.ts`, from, to });
  readInstead(changed.file, changed.text);
  const { REGISTERED } = loadWith<{ REGISTERED: readonly RegisteredForm[] }>(`${FORMS_FOLDER}/registry.ts`, changed);
  const registered = REGISTERED.find((one) => one.form.id === form);
  const said = registered === undefined ? [] : faultsOf(registered);
  const line = linesIn(changed.file).find(({ text }) => look !== undefined && text.includes(look));
  const place = line === undefined ? changed.place : `${line.file}:${line.number}`;
  const names = new RegExp(`${place.replaceAll('.', '\\.')}(?!\\d)`);
  expect(said.filter((one) => says.test(one) && names.test(one))).not.toEqual([]);
});
