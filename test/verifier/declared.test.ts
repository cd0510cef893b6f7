/**
 * Bases of stocks: which of several declarations holds, after voids too; both calculators, each against the contract's
 * words.
 */
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { calculatorOf, disagreements, rawEvents, withoutDerived } from '../support/second-calculator.js';

const CELL = '2.1.2:in-force';
let ledger: TestLedger;
beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp());
});
afterEach(() => ledger.finish());

const figure = (value: string): Message =>
  message('agency.figure-declared', `agency/${AGENCY}`, at('2023-01-10'), 'clerk', {
    year: 2021,
    form: '2021',
    cell: CELL,
    value,
    evidence: '台账',
  });
const paper = (value: string | null): Message =>
  message('table.declared', 'table/2021', at('2023-01-10'), 'clerk', {
    year: 2021,
    form: '2021',
    cells: { [CELL]: value },
    evidence: '档案',
  });
const voided = ({ id, source, subject }: Message): Message =>
  message('record.voided', subject, at('2023-02-01'), 'auditor', { message: { id, source }, reason: '录入错误', approvedBy: 'leader' });

async function expectStock(value: string | null, ...messages: readonly Message[]): Promise<void> {
  await record(ledger, messages);
  await ledger.settled();
  const calculator = calculatorOf((await rawEvents(ledger.log)).map(withoutDerived));
  expect(calculator.table({ agency: AGENCY, year: 2022, form: '2021' }).cells[CELL]).toBe(value);
  const years = [2021, 2022, 2023];
  expect((await disagreements(ledger, calculator, { agencies: [AGENCY], years, forms: ['2021'] })).differing).toEqual([]);
}

test('none before the first', () => expectStock(null));

test('figure or table, the last recorded holds', async () => {
  // Of a figure and a table of one year the last recorded holds.
  await expectStock('7', figure('5'), paper('7'));
  await expectStock('9', figure('9'));
});

// A blank in the later table leaves the figure.
test('a later blank leaves the figure', () => expectStock('5', figure('5'), paper(null)));

test('a void restores the last of the rest', async () => {
  // A void leaves things as if the act had never been: what was recorded last among the rest holds.
  const second = paper('8');
  await expectStock('5', paper('7'), figure('5'), second, voided(second));
  const third = figure('6');
  await expectStock('4', paper('4'), third, voided(third));
});

test('stocks add up in paper units and digits', async () => {
  // A base of a stock and what came after it, in units and full-width digits of the paper.
  await expectStock(
    '13',
    paper('１２件'),
    message('normative-document.issued', 'normative-document/a', at('2022-03-01'), 'clerk', { documentNumber: 'a', title: '办法' }),
  );
});
